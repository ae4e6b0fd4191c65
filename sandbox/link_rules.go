package sandbox

import (
	"net/url"
	"slices"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

const maxHostedLifetime = 21 * 24 * time.Hour

// checkRules checks what the descriptions of the specification demand of /link/token/create and its schema does not.
func checkRules(req gen.LinkTokenCreateRequest) error {
	var user gen.LinkTokenCreateRequestUser
	if req.User != nil {
		user = *req.User
	}
	switch {
	case req.User == nil && req.UserID == "":
		return invalidRequest(plaidlink.CodeMissingFields, "user_id or user must be set")
	case slices.Contains(req.Products, gen.ProductsBalance):
		return invalidInput(plaidlink.CodeInvalidProduct, "balance is not accepted in products")
	case req.InstitutionID != "" && !institutionPattern.MatchString(req.InstitutionID):
		return invalidInput(plaidlink.CodeInvalidInstitution, badInstitution)
	case req.RedirectURI != "" && !opens(req.RedirectURI):
		return invalidField("redirect_uri must be an absolute address, of a web site or an app")
	case req.HostedLink == nil:
		return nil
	}
	hosted := req.HostedLink
	seconds, uri := hosted.URLLifetimeSeconds, string(hosted.CompletionRedirectURI)
	switch {
	case seconds != nil && (*seconds < 1 || *seconds > int(maxHostedLifetime/time.Second)):
		return invalidField("hosted_link.url_lifetime_seconds must be 1 to %d", int(maxHostedLifetime/time.Second))
	case hosted.DeliveryMethod == gen.HostedLinkDeliveryMethodSMS && user.PhoneNumber == "":
		return invalidField("hosted_link.delivery_method sms needs user.phone_number")
	case hosted.DeliveryMethod == gen.HostedLinkDeliveryMethodEmail && user.EmailAddress == "":
		return invalidField("hosted_link.delivery_method email needs user.email_address")
	case uri != "" && !opens(uri):
		return invalidField("hosted_link.completion_redirect_uri must be an absolute address, of a web site or an app")
	}
	return nil
}

// opens reports whether a browser can be sent to an address, of a web site or an app.
func opens(address string) bool {
	u, err := url.Parse(address)
	return err == nil && page.Opens(u)
}
