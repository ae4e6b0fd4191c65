package main

// commands is the tree of commands, in the order of the help.
type commands struct {
	Server   string   `name:"sandbox" xor:"sandbox" placeholder:"URL" help:"Send calls to the plaidlink sandbox at this URL or host:port. Default: the variable PLAIDLINK_SANDBOX."`
	Insecure string   `name:"insecure-sandbox" xor:"sandbox" placeholder:"URL" help:"As --sandbox, by plain http to another host. IT SENDS THE CREDENTIALS AND EVERY TOKEN IN CLEAR: only in a network of your own, never with the credentials of your Plaid account."`
	Usage    helpFlag `name:"help" short:"h" help:"Print the help of the command."`

	Token struct {
		Create tokenCreate `cmd:"" help:"Create a link token, which starts Link."`
		Get    tokenGet    `cmd:"" help:"Show a link token and what happened in its sessions."`
	} `cmd:"" help:"Create and show link tokens."`
	Eligibility eligibility `cmd:"" help:"Ask whether Plaid has a saved profile for a phone number."`
	OAuth       struct {
		Exchange oauthExchange `cmd:"" help:"Exchange the correlation id of an OAuth redirect for its link token."`
	} `cmd:"" name:"oauth" help:"Handle what OAuth redirects bring back."`
	PublicToken struct {
		Create   publicTokenCreate   `cmd:"" help:"Create a public token without Link, in the sandbox."`
		Exchange publicTokenExchange `cmd:"" help:"Exchange a public token for the access token of its Item."`
	} `cmd:"" help:"Create and exchange public tokens."`
	Webhook struct {
		Listen webhookListen `cmd:"" help:"Receive webhooks, verify them and print them."`
		Verify webhookVerify `cmd:"" help:"Verify a webhook and print it."`
	} `cmd:"" help:"Receive and verify webhooks."`
	Call       call            `cmd:"" help:"Call any operation of Plaid by its path."`
	Trigger    trigger         `cmd:"" help:"Set something off in a running sandbox: the end of a session, a fault, the time."`
	Sandbox    sandboxServe    `cmd:"" help:"Serve Plaid Link on this machine, for tests and demos."`
	Demo       demo            `cmd:"" help:"Run Plaid Link end to end, on loopback or in Plaid's sandbox."`
	Version    version         `cmd:"" help:"Print the versions of the module, the specification and Go."`
	Completion completion      `cmd:"" help:"Print a script that completes commands, flags and values in a shell."`
	Complete   completionWords `cmd:"" name:"__complete" hidden:""`
}
