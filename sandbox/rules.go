package sandbox

import (
	"net/url"
	"slices"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// checkRules checks what the descriptions of the specification say of /link/token/create and its schema does not.
func checkRules(req gen.LinkTokenCreateRequest) *refusal {
	invalid := func(format string, args ...any) *refusal {
		return invalidRequest(plaidlink.CodeInvalidField, format, args...)
	}
	var user gen.LinkTokenCreateRequestUser
	if req.User != nil {
		user = *req.User
	}
	switch {
	case req.User == nil && req.UserID == "":
		return invalidRequest(plaidlink.CodeMissingFields, "user_id or user must be set")
	case slices.Contains(req.Products, gen.ProductsBalance):
		return invalidInput(plaidlink.CodeInvalidProduct, "balance is not accepted in products")
	case req.InstitutionID != "" && !institutionID.MatchString(req.InstitutionID):
		return invalidInput(plaidlink.CodeInvalidInstitution, badInstitution)
	case req.RedirectURI != "" && !opens(req.RedirectURI):
		return invalid("redirect_uri must be an absolute address, of a web site or an app")
	case req.HostedLink == nil:
		return nil
	}
	hosted := req.HostedLink
	seconds, uri := hosted.URLLifetimeSeconds, string(hosted.CompletionRedirectURI)
	switch {
	case seconds != nil && (*seconds < 1 || *seconds > int(maxHostedLifetime/time.Second)):
		return invalid("hosted_link.url_lifetime_seconds must be 1 to %d", int(maxHostedLifetime/time.Second))
	case hosted.DeliveryMethod == gen.HostedLinkDeliveryMethodSMS && user.PhoneNumber == "":
		return invalid("hosted_link.delivery_method sms needs user.phone_number")
	case hosted.DeliveryMethod == gen.HostedLinkDeliveryMethodEmail && user.EmailAddress == "":
		return invalid("hosted_link.delivery_method email needs user.email_address")
	case uri != "" && !opens(uri):
		return invalid("hosted_link.completion_redirect_uri must be an absolute address, of a web site or an app")
	}
	return nil
}

// opens says whether a browser can be sent to an address: a URL, or one with the scheme of an app, but none that it would
// run.
func opens(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme != "" && !slices.Contains([]string{"javascript", "data", "vbscript", "file", "blob", "about"}, u.Scheme)
}
