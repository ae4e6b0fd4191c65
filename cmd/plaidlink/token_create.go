package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

func tokenCreateCommand() *cli.Command {
	return &cli.Command{
		Name:  "create",
		Usage: "make a link token, which starts Link",
		Description: `Makes a link token and prints it with its expiration and, for --hosted, the address of the page to open.

Flags give the usual fields of /link/token/create; --json gives any, also ones that this version does not know. In update
mode, the access token comes from an environment variable or the standard input: others can read a program's arguments.

Examples:
  plaidlink token create --client-name "Example App" --user user-1 --products auth,transactions
  plaidlink token create --json request.json --hosted --raw | jq -r .hosted_link_url
  plaidlink token create --client-name "Example App" --user user-1 --access-token-env ITEM_ACCESS_TOKEN`,
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "client-name", Usage: "`name` of your application, as Link shows it"},
			&cli.StringFlag{Name: "user", Usage: "your own `id` of the user, such as user-1"},
			&cli.StringSliceFlag{Name: "products", Usage: "`list` of products to link, such as auth,transactions"},
			&cli.StringSliceFlag{Name: "country", Usage: "`list` of the banks' countries, such as US,CA", DefaultText: "US"},
			&cli.StringFlag{Name: "language", Usage: "`language` of Link", DefaultText: "en"},
			&cli.StringFlag{Name: "webhook", Usage: "`URL` that webhooks go to"},
			&cli.StringFlag{Name: "redirect-uri", Usage: "`URI` that OAuth comes back to"},
			&cli.StringFlag{Name: "phone", Usage: "`number` of the user's phone, such as +14155550123"},
			&cli.StringFlag{Name: "email", Usage: "`address` of the user's e-mail"},
			&cli.BoolFlag{Name: "hosted", Usage: "let Plaid host the page"},
			&cli.StringFlag{Name: "completion-redirect-uri", Usage: "`URI` that the hosted page opens at its end; implies --hosted"},
			&cli.DurationFlag{Name: "url-lifetime", Usage: "`time` that the hosted page can be opened, such as 24h; implies --hosted", HideDefault: true},
			&cli.StringFlag{Name: "access-token-env", Usage: "update mode for the access token in this environment `variable`"},
			&cli.BoolFlag{Name: "access-token-stdin", Usage: "update mode for the access token on the standard input"},
		}, bodyFlags()...),
		Action: operation[gen.LinkTokenCreateRequest, gen.LinkTokenCreateResponse]{
			fill: fillTokenCreate, call: (*plaidlink.Client).LinkTokenCreate, print: printCreated,
		}.run,
	}
}

func fillTokenCreate(cmd *cli.Command, req *gen.LinkTokenCreateRequest) error {
	user := cmp.Or(req.User, new(gen.LinkTokenCreateRequestUser))
	override(cmd, map[string]*string{
		"client-name": &req.ClientName, "user": &user.ClientUserID, "language": &req.Language, "webhook": &req.Webhook,
		"redirect-uri": &req.RedirectURI, "phone": &user.PhoneNumber, "email": &user.EmailAddress,
	})
	needed := map[string]string{"client-name": req.ClientName}
	if req.UserID == "" || cmd.IsSet("user") || cmd.IsSet("phone") || cmd.IsSet("email") {
		req.User, needed["user"] = user, user.ClientUserID
	}
	if req.Language == "" {
		req.Language = "en"
	}
	if cmd.IsSet("products") {
		req.Products = texts[gen.Products](cmd.StringSlice("products"))
	}
	if cmd.IsSet("country") {
		req.CountryCodes = texts[gen.CountryCode](cmd.StringSlice("country"))
	}
	if len(req.CountryCodes) == 0 {
		req.CountryCodes = []gen.CountryCode{gen.CountryCodeUS}
	}
	if err := need(needed); err != nil {
		return err
	}
	if err := fillHosted(cmd, req); err != nil {
		return err
	}
	return fillAccessToken(cmd, req)
}

// texts are the values of a list flag, as an enum of the specification.
func texts[T ~string](values []string) (list []T) {
	for _, value := range values {
		list = append(list, T(value))
	}
	return list
}

func fillHosted(cmd *cli.Command, req *gen.LinkTokenCreateRequest) error {
	uri, lifetime := cmd.String("completion-redirect-uri"), cmd.Duration("url-lifetime")
	if !cmd.Bool("hosted") && uri == "" && !cmd.IsSet("url-lifetime") {
		return nil
	}
	if req.HostedLink == nil {
		req.HostedLink = &gen.LinkTokenCreateHostedLink{}
	}
	if uri != "" {
		req.HostedLink.CompletionRedirectURI = uri
	}
	if cmd.IsSet("url-lifetime") {
		if lifetime < time.Second || lifetime%time.Second != 0 {
			return usagef("--url-lifetime %v: expected whole seconds, such as 90s or 24h", lifetime)
		}
		req.HostedLink.URLLifetimeSeconds = new(int(lifetime / time.Second))
	}
	return nil
}

// fillAccessToken reads the access token of update mode. No error shows it.
func fillAccessToken(cmd *cli.Command, req *gen.LinkTokenCreateRequest) error {
	name, stdin := cmd.String("access-token-env"), cmd.Bool("access-token-stdin")
	var token string
	switch {
	case name != "" && stdin:
		return usagef("expected one of --access-token-env and --access-token-stdin")
	case stdin && cmd.String("json") == "-":
		return usagef("--access-token-stdin: the standard input is the body of --json already")
	case strings.HasPrefix(name, "access-"):
		return usagef("--access-token-env: expected the name of an environment variable, found an access token")
	case stdin:
		line, err := bufio.NewReader(io.LimitReader(cmd.Root().Reader, 4<<10)).ReadString('\n')
		if err != nil && err != io.EOF {
			return err
		}
		token = strings.TrimSpace(line)
	case name != "":
		token = os.Getenv(name)
	default:
		return nil
	}
	switch {
	case token != "":
		req.AccessToken = gen.AccessToken(token)
		return nil
	case stdin:
		return errors.New("--access-token-stdin: expected an access token, but the standard input is empty")
	}
	return fmt.Errorf("--access-token-env: expected an access token, but %s is not set", name)
}

func printCreated(cmd *cli.Command, r *gen.LinkTokenCreateResponse) error {
	return printFields(cmd,
		"link_token", r.LinkToken,
		"expiration", r.Expiration.Format(time.RFC3339),
		"hosted_link_url", r.HostedLinkURL,
		"request_id", r.RequestID)
}
