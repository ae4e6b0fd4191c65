package sandbox

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/loopback"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

const maxHostedLifetime = 21 * 24 * 60 * 60 // seconds

// rule is a refusal, and whether a request meets it.
type rule struct {
	broken  bool
	refusal refusal
}

// firstBroken returns the refusal of the first rule that is broken; nil where none is.
func firstBroken(rules ...rule) error {
	for _, rule := range rules {
		if rule.broken {
			return rule.refusal
		}
	}
	return nil
}

// checkRules checks what the descriptions of the specification demand of /link/token/create and its schema does not; the
// package comment lists the rules.
func checkRules(req gen.LinkTokenCreateRequest) error {
	user, hosted, payment := orZero(req.User), orZero(req.HostedLink), orZero(req.PaymentInitiation)
	address, credit, statements := orZero(user.Address), orZero(req.CRAOptions), orZero(req.Statements)
	first, second, check := productLists(req)
	back := parsed(req.RedirectURI)
	lifetime, uri := hosted.URLLifetimeSeconds, hosted.CompletionRedirectURI
	return firstBroken(
		rule{req.User == nil && req.UserID == "", invalidRequest(plaidlink.CodeMissingFields, "user_id or user must be set")},
		rule{!slices.Contains(languages, req.Language), invalidField("language must be one of those of Link: %s", strings.Join(languages, ", "))},
		rule{req.InstitutionID != "" && !institutionPattern.MatchString(req.InstitutionID), invalidInput(plaidlink.CodeInvalidInstitution, badInstitution)},

		rule{second != "", invalidField("%s and %s must not share a product", first, second)},
		rule{slices.Contains(req.Products, gen.ProductsBalance), invalidInput(plaidlink.CodeInvalidProduct, "balance is not accepted in products")},
		rule{len(req.Products) == 0 && !updating(req), missing("products, of which a new Item needs one at least")},
		rule{check && req.ConsumerReportPermissiblePurpose == "", missing("consumer_report_permissible_purpose, which products of Plaid Check need")},
		rule{!check && req.ConsumerReportPermissiblePurpose != "",
			invalidField("consumer_report_permissible_purpose must be left out without a product of Plaid Check")},

		rule{req.AccessToken != "" && len(req.AccessTokens) > 0, invalidField("access_tokens must be left out beside access_token")},
		rule{updating(req) && slices.ContainsFunc(req.Products, func(p gen.Products) bool { return !isCheck(p) && !slices.Contains(addable, p) }),
			invalidField("products must be left out in update mode, unless it adds Assets, Statements, Income or Plaid Check, or validates auth or identity")},

		rule{req.RedirectURI != "" && req.AndroidPackageName != "", invalidField("redirect_uri must be left out beside android_package_name")},
		rule{req.RedirectURI != "" && !page.Opens(back), invalidField("redirect_uri must be an absolute address, of a web site or an app")},
		rule{back.RawQuery != "" || back.ForceQuery, invalidField("redirect_uri must have no query")},
		rule{back.Scheme == "http" && !loopback.IsHost(back.Hostname()), invalidField("redirect_uri must be https, but for localhost")},
		rule{req.Webhook != "" && !isWebAddress(req.Webhook), invalidField("webhook must be an absolute http or https address")},

		atMost(80, "user.address.street", address.Street),
		atMost(50, "user.address.street2", address.Street2),
		atMost(100, "user.address.city", address.City),
		rule{payment.ConsentID != "" && payment.PaymentID != "", invalidField("payment_initiation must have one of payment_id and consent_id")},
		rule{len(orZero(req.IncomeVerification).IncomeSourceTypes) > 1,
			invalidField("income_verification.income_source_types must have one entry")},
		rule{len(orZero(req.Employment).EmploymentSourceTypes) > 1, invalidField("employment.employment_source_types must have one entry")},
		rule{badPeriod(statements.StartDate, statements.EndDate), invalidField("statements must begin before they end, at most two years")},
		rule{credit.DaysRequested > 731, invalidField("cra_options.days_requested must be at most 731")},
		rule{orZero(credit.DaysRequired) > 184, invalidField("cra_options.days_required must be at most 184")},
		atMost(256, "payment_configuration.description", orZero(req.PaymentConfiguration).Description),

		rule{lifetime != nil && (*lifetime < 1 || *lifetime > maxHostedLifetime),
			invalidField("hosted_link.url_lifetime_seconds must be 1 to %d", maxHostedLifetime)},
		rule{hosted.DeliveryMethod == gen.HostedLinkDeliveryMethodSMS && user.PhoneNumber == "",
			invalidField("hosted_link.delivery_method sms needs user.phone_number")},
		rule{hosted.DeliveryMethod == gen.HostedLinkDeliveryMethodEmail && user.EmailAddress == "",
			invalidField("hosted_link.delivery_method email needs user.email_address")},
		rule{uri != "" && !page.Opens(parsed(uri)), invalidField("hosted_link.completion_redirect_uri must be an absolute address, of a web site or an app")},
	)
}

// parsed returns a URL, which is empty where it cannot be parsed.
func parsed(address string) *url.URL {
	u, err := url.Parse(address)
	if err != nil {
		return &url.URL{}
	}
	return u
}

// atMost is a rule about the characters of a text.
func atMost(most int, name, text string) rule {
	return rule{utf8.RuneCountInString(text) > most, invalidField("%s must have at most %d characters", name, most)}
}

// languages are those of Link, as Plaid's own file lists them.
var languages = []string{"da", "de", "en", "es", "et", "fr", "hi", "it", "lt", "lv", "nl", "no", "pl", "pt", "ro", "sv", "vi"}

// updating reports whether a request is one of update mode.
func updating(req gen.LinkTokenCreateRequest) bool {
	return req.AccessToken != "" || len(req.AccessTokens) > 0 || updatesUser(req)
}

// productLists returns two lists of a request that share a product, which are empty where none do, and whether any product is
// one of Plaid Check.
func productLists(req gen.LinkTokenCreateRequest) (first, second string, check bool) {
	listed := map[gen.Products]string{}
	for _, list := range []struct {
		name     string
		products []gen.Products
	}{
		{"products", req.Products},
		{"required_if_supported_products", req.RequiredIfSupportedProducts},
		{"optional_products", req.OptionalProducts},
		{"additional_consented_products", req.AdditionalConsentedProducts},
	} {
		for _, product := range list.products {
			if before := listed[product]; before != "" && before != list.name {
				return before, list.name, check
			}
			listed[product] = list.name
			check = check || isCheck(product)
		}
	}
	return "", "", check
}

// isCheck reports whether a product is one of Plaid Check.
func isCheck(product gen.Products) bool { return strings.HasPrefix(string(product), "cra_") }

// addable are the products that update mode adds or validates, beside those of Plaid Check.
var addable = []gen.Products{
	gen.ProductsAssets, gen.ProductsStatements, gen.ProductsIncome, gen.ProductsIncomeVerification, gen.ProductsEmployment,
	gen.ProductsAuth, gen.ProductsIdentity, gen.ProductsInvestmentsAuth,
}

// badPeriod reports whether a period of Statements ends before it begins, or is longer than two years.
func badPeriod(start, end gen.Date) bool {
	from, to := start.Time(time.UTC), end.Time(time.UTC)
	return to.Before(from) || to.After(from.AddDate(2, 0, 0))
}
