package bench

import (
	"bytes"
	"context"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

type ours struct{ client *plaidlink.Client }

func newOurs(base string, hc *http.Client) client {
	opts := []plaidlink.Option{plaidlink.WithBaseURL(base)}
	if hc != nil {
		opts = append(opts, plaidlink.WithHTTPClient(hc))
	}
	client, err := plaidlink.New(plaidlink.Sandbox, plaidlink.Credentials{ClientID: clientID, Secret: secret}, opts...)
	if err != nil {
		panic(err)
	}
	return &ours{client}
}

func (o *ours) request() gen.LinkTokenCreateRequest {
	return gen.LinkTokenCreateRequest{
		ClientName: clientName, Language: language, CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		User:     &gen.LinkTokenCreateRequestUser{ClientUserID: userID},
		Products: []gen.Products{gen.ProductsAuth}, Webhook: webhook,
	}
}

func (o *ours) Create(ctx context.Context) error {
	_, err := o.client.LinkTokenCreate(ctx, o.request())
	return err
}

func (o *ours) Get(ctx context.Context) error {
	_, err := o.client.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: linkToken})
	return err
}

func (o *ours) Encode() ([]byte, error) {
	req := o.request()
	data := bytes.NewBuffer(make([]byte, 0, 512)) // as a call does
	err := json.MarshalWrite(data, &req)
	return data.Bytes(), err
}

func (o *ours) Decode(data []byte) error {
	return json.Unmarshal(data, new(gen.LinkTokenGetResponse), jsontext.AllowInvalidUTF8(true)) // as a call does
}
