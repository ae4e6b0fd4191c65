package bank_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/bank"
)

func TestSignIn(t *testing.T) {
	up, down := bank.Institution{}, bank.Institution{Down: true}
	for name, test := range map[string]struct {
		at                 bank.Institution
		username, password string
		kind               gen.PlaidErrorType
		code               string // empty where it works
	}{
		"right":                      {up, "user_good", "pass_good", "", ""},
		"right, at one that is slow": {bank.Institution{Slow: true}, "user_good", "pass_good", "", ""},
		"wrong user":                 {up, "user_bad", "pass_good", "ITEM_ERROR", "INVALID_CREDENTIALS"},
		"wrong password":             {up, "user_good", "pass_bad", "ITEM_ERROR", "INVALID_CREDENTIALS"},
		"other case":                 {up, "User_good", "pass_good", "ITEM_ERROR", "INVALID_CREDENTIALS"},
		"nothing":                    {up, "", "", "ITEM_ERROR", "INVALID_CREDENTIALS"},
		"down":                       {down, "user_good", "pass_good", "INSTITUTION_ERROR", "INSTITUTION_DOWN"},
		"down, whoever comes":        {down, "", "error_ITEM_LOCKED", "INSTITUTION_ERROR", "INSTITUTION_DOWN"},
		"ITEM_LOCKED":                {up, "user_good", "error_ITEM_LOCKED", "ITEM_ERROR", "ITEM_LOCKED"},
		"INVALID_CREDENTIALS":        {up, "user_good", "error_INVALID_CREDENTIALS", "ITEM_ERROR", "INVALID_CREDENTIALS"},
		"NO_ACCOUNTS":                {up, "user_good", "error_NO_ACCOUNTS", "ITEM_ERROR", "NO_ACCOUNTS"},
		"INSTITUTION_DOWN":           {up, "user_good", "error_INSTITUTION_DOWN", "INSTITUTION_ERROR", "INSTITUTION_DOWN"},
		"INSTITUTION_NO_LONGER_SUPPORTED": {
			up, "user_good", "error_INSTITUTION_NO_LONGER_SUPPORTED", "INSTITUTION_ERROR", "INSTITUTION_NO_LONGER_SUPPORTED",
		},
		"INTERNAL_SERVER_ERROR": {up, "user_good", "error_INTERNAL_SERVER_ERROR", "API_ERROR", "INTERNAL_SERVER_ERROR"},
		"PLANNED_MAINTENANCE":   {up, "user_good", "error_PLANNED_MAINTENANCE", "API_ERROR", "PLANNED_MAINTENANCE"},
		"RATE_LIMIT":            {up, "user_good", "error_RATE_LIMIT", "RATE_LIMIT_EXCEEDED", "RATE_LIMIT"},
		"a locked user":         {up, "user_locked", "pass_good", "ITEM_ERROR", "ITEM_LOCKED"},
		"a stranger's wish":     {up, "user_bad", "error_ITEM_LOCKED", "ITEM_ERROR", "INVALID_CREDENTIALS"},
		"no code":               {up, "user_good", "error_", "ITEM_ERROR", "INVALID_CREDENTIALS"},
		"a code in small":       {up, "user_good", "error_item_locked", "ITEM_ERROR", "INVALID_CREDENTIALS"},
		"more behind the code":  {up, "user_good", "error_ITEM_LOCKED\n", "ITEM_ERROR", "INVALID_CREDENTIALS"},
	} {
		t.Run(name, func(t *testing.T) {
			failure := bank.SignIn(test.at, test.username, test.password)
			if test.code == "" {
				require.Nil(t, failure)
				return
			}
			require.NotNil(t, failure)
			require.Equal(t, test.kind, failure.Type)
			require.Equal(t, test.code, failure.Code)
			require.NotEmpty(t, failure.Message)
			require.NotEmpty(t, failure.Advice)
			require.NotContains(t, failure.Message+failure.Advice, "error_", "no password is shown")
		})
	}
}

func TestSignInGivesACopy(t *testing.T) {
	down := bank.Institution{Down: true}
	bank.SignIn(down, "", "").Code = "CHANGED"
	require.Equal(t, "INSTITUTION_DOWN", bank.SignIn(down, "", "").Code)
}
