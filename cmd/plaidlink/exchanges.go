package main

import (
	"strconv"

	"github.com/urfave/cli/v3"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

func eligibilityCommand() *cli.Command {
	return &cli.Command{
		Name:  "eligibility",
		Usage: "ask whether Plaid has a saved profile for a phone number",
		Description: `Asks whether Plaid has a saved profile for a phone number.

Example:
  plaidlink eligibility --phone +14155550123 --session 7b2c1f0e-0000-4000-8000-000000000000`,
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "phone", Usage: "`number` of the user's phone, such as +14155550123"},
			&cli.StringFlag{Name: "session", Usage: "`id` of the Link session"},
		}, bodyFlags()...),
		Action: operation[gen.LinkProfileEligibilityCheckRequest, gen.LinkProfileEligibilityCheckResponse]{
			fill: func(cmd *cli.Command, req *gen.LinkProfileEligibilityCheckRequest) error {
				override(cmd, map[string]*string{"phone": &req.User.PhoneNumber, "session": &req.LinkSessionID})
				return need(map[string]string{"phone": req.User.PhoneNumber, "session": req.LinkSessionID})
			},
			call: (*plaidlink.Client).LinkProfileEligibilityCheck,
			print: func(cmd *cli.Command, r *gen.LinkProfileEligibilityCheckResponse) error {
				return printFields(cmd, "profile_matches", strconv.FormatBool(r.ProfileMatches), "request_id", r.RequestID)
			},
		}.run,
	}
}

func oauthExchangeCommand() *cli.Command {
	return &cli.Command{
		Name:      "exchange",
		Usage:     "trade the correlation id of an OAuth redirect for its link token",
		ArgsUsage: "CORRELATION_ID",
		Description: `Trades the link_correlation_id that an OAuth redirect has in its query for its link token. Only payment_initiation has them.

Example:
  plaidlink oauth exchange b6e2c1aa-0000-4000-8000-000000000000`,
		Flags: bodyFlags(),
		Action: operation[gen.LinkOAuthCorrelationIDExchangeRequest, gen.LinkOAuthCorrelationIDExchangeResponse]{
			fill: func(cmd *cli.Command, req *gen.LinkOAuthCorrelationIDExchangeRequest) error {
				return fillArgument(cmd, &req.LinkCorrelationID)
			},
			call: (*plaidlink.Client).LinkOAuthCorrelationIDExchange,
			print: func(cmd *cli.Command, r *gen.LinkOAuthCorrelationIDExchangeResponse) error {
				return printFields(cmd, "link_token", r.LinkToken, "request_id", r.RequestID)
			},
		}.run,
	}
}

func publicTokenCreateCommand() *cli.Command {
	return &cli.Command{
		Name:  "create",
		Usage: "make a public token without Link, in the sandbox",
		Description: `Makes a public token as if a user had linked a bank. Plaid has this in the sandbox only.

Examples:
  plaidlink public-token create --institution ins_109508 --products auth
  plaidlink public-token create --json request.json --raw | jq -r .public_token`,
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "institution", Usage: "`id` of the bank, such as ins_109508"},
			&cli.StringSliceFlag{Name: "products", Usage: "`list` of products to link, such as auth,transactions"},
		}, bodyFlags()...),
		Action: operation[gen.SandboxPublicTokenCreateRequest, gen.SandboxPublicTokenCreateResponse]{
			fill: func(cmd *cli.Command, req *gen.SandboxPublicTokenCreateRequest) error {
				override(cmd, map[string]*string{"institution": &req.InstitutionID})
				first := ""
				if cmd.IsSet("products") {
					req.InitialProducts = texts[gen.Products](cmd.StringSlice("products"))
				}
				if len(req.InitialProducts) > 0 {
					first = string(req.InitialProducts[0])
				}
				return need(map[string]string{"institution": req.InstitutionID, "products": first})
			},
			call: (*plaidlink.Client).SandboxPublicTokenCreate,
			print: func(cmd *cli.Command, r *gen.SandboxPublicTokenCreateResponse) error {
				return printFields(cmd, "public_token", r.PublicToken, "request_id", r.RequestID)
			},
		}.run,
	}
}

func publicTokenExchangeCommand() *cli.Command {
	return &cli.Command{
		Name:      "exchange",
		Usage:     "trade a public token for the access token of its Item",
		ArgsUsage: "PUBLIC_TOKEN",
		Description: `Trades a public token, at most 30 minutes old, for the access token of its Item. Perhaps this works once only, and the
access token is shown at no other time: give --show-access-token if you need it.

Examples:
  plaidlink public-token exchange public-sandbox-…
  plaidlink public-token exchange public-sandbox-… --show-access-token --raw | jq -r .access_token`,
		Flags: append([]cli.Flag{
			&cli.BoolFlag{Name: showAccessToken, Usage: "print the access token, which gives access to the bank account's data"},
		}, bodyFlags()...),
		Action: operation[gen.ItemPublicTokenExchangeRequest, gen.ItemPublicTokenExchangeResponse]{
			fill: func(cmd *cli.Command, req *gen.ItemPublicTokenExchangeRequest) error {
				return fillArgument(cmd, &req.PublicToken)
			},
			call: (*plaidlink.Client).ItemPublicTokenExchange,
			print: func(cmd *cli.Command, r *gen.ItemPublicTokenExchangeResponse) error {
				token := r.AccessToken.String()
				if cmd.Bool(showAccessToken) {
					token = string(r.AccessToken)
				}
				return printFields(cmd, "item_id", r.ItemID, "access_token", token, "request_id", r.RequestID)
			},
		}.run,
	}
}

// fillArgument sets a request's text to the argument of the command, which may be left out where --json has it.
func fillArgument(cmd *cli.Command, field *string) error {
	if *field != "" && !cmd.Args().Present() {
		return nil
	}
	value, err := argument(cmd)
	*field = value
	return err
}

// printFields prints names and values by turns.
func printFields(cmd *cli.Command, pairs ...string) error {
	p := newPrinter(cmd.Root().Writer, shown(cmd))
	for i := 0; i < len(pairs); i += 2 {
		p.field(pairs[i], pairs[i+1])
	}
	return p.flush()
}
