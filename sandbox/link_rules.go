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

const maxHostedLifetime = 21 * 24 * time.Hour

// checkRules checks what the descriptions of the specification demand of /link/token/create and its schema does not; the
// package comment lists the rules.
func checkRules(req gen.LinkTokenCreateRequest) error {
	switch {
	case req.User == nil && req.UserID == "":
		return invalidRequest(plaidlink.CodeMissingFields, "user_id or user must be set")
	case !slices.Contains(languages, req.Language):
		return invalidField("language must be one of those of Link: %s", strings.Join(languages, ", "))
	case req.InstitutionID != "" && !institutionPattern.MatchString(req.InstitutionID):
		return invalidInput(plaidlink.CodeInvalidInstitution, badInstitution)
	}
	for _, check := range []func(gen.LinkTokenCreateRequest) error{checkProducts, checkUpdate, checkAddresses, checkSettings, checkHosted} {
		if err := check(req); err != nil {
			return err
		}
	}
	return nil
}

// languages are those of Link, as Plaid's own file lists them.
var languages = []string{"da", "de", "en", "es", "et", "fr", "hi", "it", "lt", "lv", "nl", "no", "pl", "pt", "ro", "sv", "vi"}

// updating reports whether a request is one of update mode.
func updating(req gen.LinkTokenCreateRequest) bool {
	return req.AccessToken != "" || len(req.AccessTokens) > 0 || updatesUser(req)
}

func checkProducts(req gen.LinkTokenCreateRequest) error {
	lists := []struct {
		name     string
		products []gen.Products
	}{
		{"products", req.Products},
		{"required_if_supported_products", req.RequiredIfSupportedProducts},
		{"optional_products", req.OptionalProducts},
		{"additional_consented_products", req.AdditionalConsentedProducts},
	}
	listed, check := map[gen.Products]string{}, false
	for _, list := range lists {
		for _, product := range list.products {
			if before := listed[product]; before != "" && before != list.name {
				return invalidField("%s and %s must not share a product", before, list.name)
			}
			listed[product] = list.name
			check = check || isCheck(product)
		}
	}
	switch {
	case slices.Contains(req.Products, gen.ProductsBalance):
		return invalidInput(plaidlink.CodeInvalidProduct, "balance is not accepted in products")
	case len(req.Products) == 0 && !updating(req):
		return invalidRequest(plaidlink.CodeMissingFields, "the following required fields are missing: products, of which a new Item needs one at least")
	case check && req.ConsumerReportPermissiblePurpose == "":
		return invalidRequest(plaidlink.CodeMissingFields, "the following required fields are missing: consumer_report_permissible_purpose, which products of Plaid Check need")
	case !check && req.ConsumerReportPermissiblePurpose != "":
		return invalidField("consumer_report_permissible_purpose must be left out without a product of Plaid Check")
	}
	return nil
}

// isCheck reports whether a product is one of Plaid Check.
func isCheck(product gen.Products) bool { return strings.HasPrefix(string(product), "cra_") }

// addable are the products that update mode adds or validates, beside those of Plaid Check.
var addable = []gen.Products{
	gen.ProductsAssets, gen.ProductsStatements, gen.ProductsIncome, gen.ProductsIncomeVerification, gen.ProductsEmployment,
	gen.ProductsAuth, gen.ProductsIdentity, gen.ProductsInvestmentsAuth,
}

func checkUpdate(req gen.LinkTokenCreateRequest) error {
	refused := func(p gen.Products) bool { return !isCheck(p) && !slices.Contains(addable, p) }
	switch {
	case req.AccessToken != "" && len(req.AccessTokens) > 0:
		return invalidField("access_tokens must be left out beside access_token")
	case updating(req) && slices.ContainsFunc(req.Products, refused):
		return invalidField("products must be left out in update mode, unless it adds Assets, Statements, Income or Plaid Check, or validates auth or identity")
	}
	return nil
}

func checkAddresses(req gen.LinkTokenCreateRequest) error {
	back, err := url.Parse(req.RedirectURI)
	webhook, webhookErr := url.Parse(req.Webhook)
	switch {
	case req.RedirectURI != "" && req.AndroidPackageName != "":
		return invalidField("redirect_uri must be left out beside android_package_name")
	case req.RedirectURI != "" && !opens(req.RedirectURI):
		return invalidField("redirect_uri must be an absolute address, of a web site or an app")
	case err == nil && (back.RawQuery != "" || back.ForceQuery):
		return invalidField("redirect_uri must have no query")
	case err == nil && back.Scheme == "http" && !loopback.IsHost(back.Hostname()):
		return invalidField("redirect_uri must be https, but for localhost")
	case req.Webhook != "" && (webhookErr != nil || webhook.Hostname() == "" || webhook.Scheme != "http" && webhook.Scheme != "https"):
		return invalidField("webhook must be an absolute http or https address")
	}
	return nil
}

func checkSettings(req gen.LinkTokenCreateRequest) error {
	if user := req.User; user != nil && user.Address != nil {
		for _, part := range []struct {
			name, text string
			max        int
		}{{"street", user.Address.Street, 80}, {"street2", user.Address.Street2, 50}, {"city", user.Address.City, 100}} {
			if utf8.RuneCountInString(part.text) > part.max {
				return invalidField("user.address.%s must have at most %d characters", part.name, part.max)
			}
		}
	}
	switch income, employment, statements := req.IncomeVerification, req.Employment, req.Statements; {
	case req.PaymentInitiation != nil && req.PaymentInitiation.ConsentID != "" && req.PaymentInitiation.PaymentID != "":
		return invalidField("payment_initiation must have one of payment_id and consent_id")
	case income != nil && len(income.IncomeSourceTypes) > 1:
		return invalidField("income_verification.income_source_types must have one entry")
	case employment != nil && len(employment.EmploymentSourceTypes) > 1:
		return invalidField("employment.employment_source_types must have one entry")
	case statements != nil && badPeriod(statements.StartDate, statements.EndDate):
		return invalidField("statements must begin before they end, at most two years")
	case req.CRAOptions != nil && req.CRAOptions.DaysRequested > 731:
		return invalidField("cra_options.days_requested must be at most 731")
	case req.CRAOptions != nil && orZero(req.CRAOptions.DaysRequired) > 184:
		return invalidField("cra_options.days_required must be at most 184")
	case req.PaymentConfiguration != nil && utf8.RuneCountInString(req.PaymentConfiguration.Description) > 256:
		return invalidField("payment_configuration.description must have at most 256 characters")
	}
	return nil
}

// badPeriod reports whether a period of Statements ends before it begins, or is longer than two years.
func badPeriod(start, end gen.Date) bool {
	from := time.Date(start.Year, start.Month, start.Day, 0, 0, 0, 0, time.UTC)
	to := time.Date(end.Year, end.Month, end.Day, 0, 0, 0, 0, time.UTC)
	return to.Before(from) || to.After(from.AddDate(2, 0, 0))
}

func checkHosted(req gen.LinkTokenCreateRequest) error {
	if req.HostedLink == nil {
		return nil
	}
	user := orZero(req.User)
	hosted := req.HostedLink
	seconds, uri := hosted.URLLifetimeSeconds, hosted.CompletionRedirectURI
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
