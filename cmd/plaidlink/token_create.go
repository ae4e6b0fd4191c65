package main

import (
	"bufio"
	"cmp"
	"context"
	"io"
	"strings"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

type tokenCreate struct {
	ClientName            string            `placeholder:"NAME" help:"The name of your application, as Link shows it."`
	User                  string            `placeholder:"ID" help:"Your own id of the user, such as user-1."`
	Products              []gen.Products    `placeholder:"LIST" enum:"${products}" help:"The products to link, such as auth,transactions."`
	Country               []gen.CountryCode `placeholder:"LIST" enum:"${countries}" help:"The countries of the banks, such as US,CA. Default: US."`
	Language              string            `placeholder:"CODE" help:"The language of Link, such as fr. Default: en."`
	Webhook               string            `placeholder:"URL" help:"The URL that receives webhooks."`
	RedirectURI           string            `name:"redirect-uri" placeholder:"URI" help:"The URI that OAuth returns to."`
	Phone                 string            `placeholder:"NUMBER" help:"The user's phone number, such as +14155550123."`
	Email                 string            `placeholder:"ADDRESS" help:"The user's e-mail address."`
	Hosted                bool              `help:"Let Plaid host the page."`
	CompletionRedirectURI string            `name:"completion-redirect-uri" placeholder:"URI" help:"The URI that the hosted page opens when the session ends. Implies --hosted."`
	URLLifetime           time.Duration     `name:"url-lifetime" type:"seconds" placeholder:"TIME" help:"How long the hosted page can be opened, such as 24h. Implies --hosted."`
	AccessTokenEnv        string            `placeholder:"VARIABLE" xor:"access-token" help:"Update mode, with the access token in this environment variable."`
	AccessTokenStdin      bool              `xor:"access-token" help:"Update mode, with the access token on standard input."`
	requestFlags
}

func (c *tokenCreate) Run(ctx context.Context, p *program) error {
	return perform(ctx, p, c.requestFlags, (*plaidlink.Client).LinkTokenCreate, func(req *gen.LinkTokenCreateRequest) error {
		req.ClientName = cmp.Or(c.ClientName, req.ClientName)
		needed := map[string]string{"--client-name": req.ClientName}
		if req.UserID == "" || c.User+c.Phone+c.Email != "" {
			req.User = cmp.Or(req.User, new(gen.LinkTokenCreateRequestUser))
			req.User.ClientUserID = cmp.Or(c.User, req.User.ClientUserID)
			req.User.PhoneNumber = cmp.Or(c.Phone, req.User.PhoneNumber)
			req.User.EmailAddress = cmp.Or(c.Email, req.User.EmailAddress)
			needed["--user"] = req.User.ClientUserID
		}
		req.Language = cmp.Or(c.Language, req.Language, "en")
		req.Webhook = cmp.Or(c.Webhook, req.Webhook)
		req.RedirectURI = cmp.Or(c.RedirectURI, req.RedirectURI)
		req.Products = orList(c.Products, req.Products)
		req.CountryCodes = orList(c.Country, req.CountryCodes, []gen.CountryCode{gen.CountryCodeUS})
		if err := need(needed); err != nil {
			return err
		}
		c.host(req)
		return c.update(ctx, p, req)
	}, func(resp *gen.LinkTokenCreateResponse) []string {
		return []string{
			"link_token", resp.LinkToken,
			"expiration", resp.Expiration.Format(time.RFC3339),
			"hosted_link_url", resp.HostedLinkURL,
			"request_id", resp.RequestID,
		}
	})
}

// host requests a hosted page, if a flag does.
func (c *tokenCreate) host(req *gen.LinkTokenCreateRequest) {
	if !c.Hosted && c.CompletionRedirectURI == "" && c.URLLifetime == 0 {
		return
	}
	if req.HostedLink == nil {
		req.HostedLink = &gen.LinkTokenCreateHostedLink{}
	}
	req.HostedLink.CompletionRedirectURI = cmp.Or(c.CompletionRedirectURI, req.HostedLink.CompletionRedirectURI)
	if c.URLLifetime != 0 {
		req.HostedLink.URLLifetimeSeconds = new(int(c.URLLifetime / time.Second))
	}
}

// update reads the access token of update mode. No error shows it, nor the name of its variable, which may be a secret by mistake.
func (c *tokenCreate) update(ctx context.Context, p *program, req *gen.LinkTokenCreateRequest) error {
	token, expected := "", "--access-token-stdin: expected an access token on standard input"
	switch {
	case c.AccessTokenStdin && c.Body == "-":
		return usagef("--access-token-stdin: standard input is already used by --body")
	case c.AccessTokenStdin:
		line, err := await(ctx, func() (string, error) {
			return bufio.NewReader(io.LimitReader(p.stdin, 4<<10)).ReadString('\n')
		})
		if err != nil && err != io.EOF {
			return err
		}
		token = strings.TrimSpace(line)
	case c.AccessTokenEnv != "":
		token, expected = p.getenv(c.AccessTokenEnv), "--access-token-env: expected the name of an environment variable that is set"
	default:
		return nil
	}
	if token == "" {
		return usageError{expected}
	}
	req.AccessToken = gen.AccessToken(token)
	return nil
}
