package bank

import (
	"regexp"
	"strings"

	"github.com/plaidlink/plaidlink-go/gen"
)

// The test user, at every institution.
const (
	Username = "user_good"
	Password = "pass_good"
)

// lockedUsername is that of a user whose login is locked, whatever the password.
const lockedUsername = "user_locked"

// Failure is why a user cannot go on.
type Failure struct {
	Type    gen.PlaidErrorType
	Code    string
	Message string // for developers
	Advice  string // for the user
}

// NoAccounts is the failure where none of the user's accounts can be shared.
var NoAccounts = Failure{
	gen.PlaidErrorTypeItemError, "NO_ACCOUNTS", "no account fits the products and the account filters",
	"None of your accounts here can be used for this. Choose another bank.",
}

// Denied is the failure where the user authorizes nothing on the page of a bank with OAuth.
var Denied = Failure{
	gen.PlaidErrorTypeItemError, "ACCESS_NOT_GRANTED", "the user did not authorize the bank to share anything",
	"You did not allow the bank to share anything. You can try again.",
}

var (
	wrongCredentials = Failure{
		gen.PlaidErrorTypeItemError, "INVALID_CREDENTIALS", "the user name or the password is wrong",
		"The user name or the password is not right. Try again.",
	}
	isLocked = Failure{
		gen.PlaidErrorTypeItemError, "ITEM_LOCKED", "the institution has locked the login",
		"The bank has locked this login, as it does after several wrong passwords. Sign in at the bank's own website or app to unlock it, then try again here.",
	}
	isDown = Failure{
		gen.PlaidErrorTypeInstitutionError, "INSTITUTION_DOWN", "the institution does not respond",
		"This bank cannot be reached now. Try again later, or choose another one.",
	}
)

// errorPassword makes a sign-in fail with the code in it.
var errorPassword = regexp.MustCompile(`^error_([A-Z][A-Z_]{0,63})$`)

// errorTypes are the error_type of codes, by their prefix; it is ITEM_ERROR for the others.
var errorTypes = []struct {
	prefix string
	kind   gen.PlaidErrorType
}{
	{"INSTITUTION_", gen.PlaidErrorTypeInstitutionError},
	{"INTERNAL_SERVER_ERROR", gen.PlaidErrorTypeAPIError},
	{"PLANNED_MAINTENANCE", gen.PlaidErrorTypeAPIError},
	{"RATE_LIMIT", gen.PlaidErrorTypeRateLimitExceeded},
}

// SignIn checks a user name and a password; it returns nil where they are right. The password error_<CODE> fails with that
// error_code, and the user user_locked with ITEM_LOCKED.
func SignIn(at Institution, username, password string) *Failure {
	asked := errorPassword.FindStringSubmatch(password)
	var failure Failure
	switch {
	case at.Down:
		failure = isDown
	case username == lockedUsername:
		failure = isLocked
	case username != Username, asked == nil && password != Password:
		failure = wrongCredentials
	case asked == nil:
		return nil
	default:
		failure = askedFor(asked[1])
	}
	return &failure
}

func askedFor(code string) Failure {
	for _, known := range []Failure{wrongCredentials, isLocked, isDown, NoAccounts} {
		if known.Code == code {
			return known
		}
	}
	failure := Failure{
		gen.PlaidErrorTypeItemError, code, "the password asked for this error",
		"Something went wrong at the bank. Try again, or choose another one.",
	}
	for _, known := range errorTypes {
		if strings.HasPrefix(code, known.prefix) {
			failure.Type = known.kind
		}
	}
	return failure
}
