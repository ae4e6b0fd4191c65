package bench

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/plaid/plaid-go/v20/plaid"
)

type official struct{ api *plaid.PlaidApiService }

func newOfficial(base string, hc *http.Client) client {
	cfg := plaid.NewConfiguration()
	if hc != nil {
		cfg.HTTPClient = hc
	}
	cfg.UseEnvironment(plaid.Environment(base))
	cfg.AddDefaultHeader("PLAID-CLIENT-ID", clientID)
	cfg.AddDefaultHeader("PLAID-SECRET", secret)
	return &official{plaid.NewAPIClient(cfg).PlaidApi}
}

func (o *official) request() plaid.LinkTokenCreateRequest {
	req := plaid.NewLinkTokenCreateRequest(clientName, language, []plaid.CountryCode{plaid.COUNTRYCODE_US}, plaid.LinkTokenCreateRequestUser{ClientUserId: userID})
	req.SetProducts([]plaid.Products{plaid.PRODUCTS_AUTH})
	req.SetWebhook(webhook)
	return *req
}

func (o *official) Create(ctx context.Context) error {
	_, _, err := o.api.LinkTokenCreate(ctx).LinkTokenCreateRequest(o.request()).Execute()
	return err
}

func (o *official) Get(ctx context.Context) error {
	_, _, err := o.api.LinkTokenGet(ctx).LinkTokenGetRequest(*plaid.NewLinkTokenGetRequest(linkToken)).Execute()
	return err
}

func (o *official) Encode() ([]byte, error) { return json.Marshal(o.request()) }
func (o *official) Decode(data []byte) error {
	return json.Unmarshal(data, new(plaid.LinkTokenGetResponse))
}
