package sandbox_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// What the descriptions of the specification demand, and its schema does not.
func TestRulesOfLinkTokenCreate(t *testing.T) {
	_, client := start(t)
	access := exchange(t, client, newPublicToken(t, client)).AccessToken
	type request = gen.LinkTokenCreateRequest
	day := func(year int) gen.Date { return gen.Date{Year: year, Month: 3, Day: 1} }
	redirect := func(to string) func(*request) { return func(r *request) { r.RedirectURI = to } }
	hook := func(to string) func(*request) { return func(r *request) { r.Webhook = to } }
	language := func(code string) func(*request) { return func(r *request) { r.Language = code } }
	lists := func(products, required, optional, consented []gen.Products) func(*request) {
		return func(r *request) {
			r.Products, r.RequiredIfSupportedProducts, r.OptionalProducts, r.AdditionalConsentedProducts = products, required, optional, consented
		}
	}
	update := func(products ...gen.Products) func(*request) {
		return func(r *request) {
			r.AccessToken, r.Products = access, products
			if strings.HasPrefix(string(append(products, "")[0]), "cra_") {
				r.ConsumerReportPermissiblePurpose = gen.ConsumerReportPermissiblePurposeExtensionOfCredit
			}
		}
	}
	auth, identity := []gen.Products{"auth"}, []gen.Products{"identity"}
	long := strings.Repeat("ä", 101)
	for name, test := range map[string]struct {
		edit    func(*request)
		code    plaidlink.ErrorCode // empty where it is accepted
		message string
	}{
		"a redirect_uri with a query":         {redirect("https://app.example/back?a=1"), "INVALID_FIELD", "redirect_uri must have no query"},
		"one with an empty query":             {redirect("https://app.example/back?"), "INVALID_FIELD", "redirect_uri must have no query"},
		"http to a host":                      {redirect("http://app.example/back"), "INVALID_FIELD", "redirect_uri must be https, but for localhost"},
		"http to a name like localhost":       {redirect("http://localhost.example/back"), "INVALID_FIELD", "redirect_uri must be https"},
		"a path":                              {redirect("/back"), "INVALID_FIELD", "redirect_uri must be an absolute address"},
		"http to localhost":                   {redirect("http://localhost:3000/back"), "", ""},
		"http to loopback":                    {redirect("http://127.0.0.1:3000/back"), "", ""},
		"https":                               {redirect("https://app.example/back#further"), "", ""},
		"an app":                              {redirect("com.example.app://back"), "", ""},
		"redirect_uri on Android":             {func(r *request) { r.RedirectURI, r.AndroidPackageName = "https://app.example", "com.example" }, "INVALID_FIELD", "beside android_package_name"},
		"a webhook without a scheme":          {hook("app.example/hook"), "INVALID_FIELD", "webhook must be an absolute http or https address"},
		"a path as a webhook":                 {hook("/hook"), "INVALID_FIELD", "webhook must be"},
		"an FTP webhook":                      {hook("ftp://app.example/hook"), "INVALID_FIELD", "webhook must be"},
		"a webhook without a host":            {hook("https:///hook"), "INVALID_FIELD", "webhook must be"},
		"a webhook that is not a URL":         {hook("http://[::1"), "INVALID_FIELD", "webhook must be"},
		"a webhook over http":                 {hook("http://app.example/hook?key=1"), "", ""},
		"a language that Link lacks":          {language("tlh"), "INVALID_FIELD", "language must be one of those of Link: da, de, en"},
		"a language with a region":            {language("en-US"), "INVALID_FIELD", "language must be"},
		"a language in capitals":              {language("EN"), "INVALID_FIELD", "language must be"},
		"Vietnamese":                          {language("vi"), "", ""},
		"no product":                          {lists(nil, nil, nil, nil), "MISSING_FIELDS", "products, of which a new Item needs one at least"},
		"an optional one only":                {lists(nil, nil, auth, nil), "MISSING_FIELDS", "products"},
		"one that is required if supported":   {lists(auth, auth, nil, nil), "INVALID_FIELD", "products and required_if_supported_products must not share a product"},
		"one that is optional":                {lists(auth, nil, auth, nil), "INVALID_FIELD", "products and optional_products must not share"},
		"one that is consented":               {lists(auth, nil, nil, auth), "INVALID_FIELD", "products and additional_consented_products must not share"},
		"optional and consented":              {lists(auth, nil, identity, identity), "INVALID_FIELD", "optional_products and additional_consented_products"},
		"required if supported, and optional": {lists(auth, identity, identity, nil), "INVALID_FIELD", "required_if_supported_products and optional_products"},
		"four lists":                          {lists(auth, identity, []gen.Products{"transactions"}, []gen.Products{"liabilities"}), "", ""},
		"Plaid Check without a purpose":       {lists([]gen.Products{"cra_base_report"}, nil, nil, nil), "MISSING_FIELDS", "consumer_report_permissible_purpose"},
		"a purpose without Plaid Check":       {func(r *request) { r.ConsumerReportPermissiblePurpose = "EXTENSION_OF_CREDIT" }, "INVALID_FIELD", "consumer_report_permissible_purpose must be left out"},
		"update mode, no product":             {update(), "", ""},
		"update mode, Transactions":           {update("transactions"), "INVALID_FIELD", "products must be left out in update mode"},
		"update mode, one of two":             {update("assets", "transactions"), "INVALID_FIELD", "products must be left out in update mode"},
		"update mode adds Assets":             {update("assets"), "", ""},
		"update mode adds Statements":         {update("statements"), "", ""},
		"update mode adds Income":             {update("income_verification"), "", ""},
		"update mode adds Check":              {update("cra_base_report"), "", ""},
		"update mode validates":               {update("auth", "identity"), "", ""},
		"a token and several":                 {func(r *request) { r.AccessToken, r.AccessTokens, r.Products = access, []gen.AccessToken{access}, nil }, "INVALID_FIELD", "access_tokens must be left out beside access_token"},
		"a long street":                       {func(r *request) { r.User.Address = &gen.UserAddress{Country: "US", Street: long[:2*81]} }, "INVALID_FIELD", "user.address.street must have at most 80 characters"},
		"a street of 80 characters":           {func(r *request) { r.User.Address = &gen.UserAddress{Country: "US", Street: long[:2*80]} }, "", ""},
		"a long city":                         {func(r *request) { r.User.Address = &gen.UserAddress{Country: "US", City: long} }, "INVALID_FIELD", "user.address.city must have at most 100 characters"},
		"two ids of a payment": {func(r *request) {
			r.PaymentInitiation = &gen.LinkTokenCreateRequestPaymentInitiation{PaymentID: "1", ConsentID: "2"}
		}, "INVALID_FIELD", "one of payment_id and consent_id"},
		"two sources of income": {func(r *request) {
			r.IncomeVerification = &gen.LinkTokenCreateRequestIncomeVerification{IncomeSourceTypes: []gen.IncomeVerificationSourceType{"bank", "payroll"}}
		}, "INVALID_FIELD", "income_source_types must have one entry"},
		"two sources of employment": {func(r *request) {
			r.Employment = &gen.LinkTokenCreateRequestEmployment{EmploymentSourceTypes: []gen.EmploymentSourceType{"bank", "payroll"}}
		}, "INVALID_FIELD", "employment_source_types must have one entry"},
		"statements of three years": {func(r *request) {
			r.Statements = &gen.LinkTokenCreateRequestStatements{StartDate: day(2023), EndDate: day(2026)}
		}, "INVALID_FIELD", "statements must begin before they end, at most two years"},
		"statements that end early": {func(r *request) {
			r.Statements = &gen.LinkTokenCreateRequestStatements{StartDate: day(2026), EndDate: day(2025)}
		}, "INVALID_FIELD", "statements must begin"},
		"statements of two years": {func(r *request) {
			r.Statements = &gen.LinkTokenCreateRequestStatements{StartDate: day(2024), EndDate: day(2026)}
		}, "", ""},
		"a long history of Check": {func(r *request) { r.CRAOptions = &gen.LinkTokenCreateRequestCRAOptions{DaysRequested: 732} }, "INVALID_FIELD", "cra_options.days_requested must be at most 731"},
		"a needed history too": {func(r *request) {
			r.CRAOptions = &gen.LinkTokenCreateRequestCRAOptions{DaysRequested: 180, DaysRequired: new(185)}
		}, "INVALID_FIELD", "cra_options.days_required must be at most 184"},
		"a long text of a payment": {func(r *request) {
			r.PaymentConfiguration = &gen.LinkTokenCreateRequestPaymentConfiguration{Amount: "1.00", Description: strings.Repeat("x", 257)}
		}, "INVALID_FIELD", "payment_configuration.description"},
	} {
		t.Run(name, func(t *testing.T) {
			req := createRequest()
			test.edit(&req)
			_, err := client.LinkTokenCreate(t.Context(), req)
			if test.code == "" {
				require.NoError(t, err)
				return
			}
			requireRefused(t, err, test.code, test.message)
		})
	}
}

// Every product of the newest client passes, but for balance, which Plaid refuses; with Plaid Check it needs a purpose.
func TestEveryProductOfTheNewestClient(t *testing.T) {
	_, client := start(t)
	doc, err := spec()
	require.NoError(t, err)
	for _, listed := range append(doc.Components.Schemas["Products"].Value.Enum, "a_product_of_tomorrow") {
		req, product := createRequest(), gen.Products(listed.(string))
		req.Products = []gen.Products{product}
		if strings.HasPrefix(string(product), "cra_") {
			req.ConsumerReportPermissiblePurpose = gen.ConsumerReportPermissiblePurposeExtensionOfCredit
		}
		_, err := client.LinkTokenCreate(t.Context(), req)
		if product == gen.ProductsBalance {
			requireRefused(t, err, plaidlink.CodeInvalidProduct, "balance")
			continue
		}
		require.NoError(t, err, product)
	}
}
