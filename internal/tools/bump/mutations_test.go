package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// mutation is one change of the file of the Link family, and the line of the report that tells it, by the title of its
// section and what stands in it.
type mutation struct {
	name            string
	below, old, new string
	section         string
	line            []string
}

// lines gives those of a section of the report.
func lines(report, section string) []string {
	_, after, _ := strings.Cut(report, "\n## "+section+"\n")
	text, _, _ := strings.Cut(after, "\n## ")
	return strings.Split(text, "\n")
}

// requireLine holds that one line of the section has all of the texts.
func requireLine(t *testing.T, report, section string, texts ...string) {
	t.Helper()
	for _, line := range lines(report, section) {
		found := true
		for _, text := range texts {
			found = found && strings.Contains(line, text)
		}
		if found {
			return
		}
	}
	require.Failf(t, "no such line", "%q in %q of\n%s", texts, section, report)
}

func (m mutation) run(t *testing.T) {
	in := begin(t)
	began := time.Now()
	p, err := in.plan(edit(t, in.family, m.below, m.old, m.new))
	require.NoError(t, err)
	require.Less(t, time.Since(began), 20*time.Second, "it hangs")
	requireLine(t, p.report(), m.section, m.line...)
}

const (
	callers = "For a Go caller"
	wire    = "On the wire"
	deleted = "Overlays: deleted"
	added   = "Overlays: added"
	decide  = "To decide"
	ops     = "Operations"
	facts   = "Facts that no longer hold"
)

const (
	getPath    = "  /link/token/get:"
	createPath = "  /link/token/create:"
	request    = "    LinkTokenCreateRequest:"
	answer     = "    LinkTokenGetResponse:"
	limits     = "    LinkTokenTransactions:"
	sources    = "    EmploymentSourceType:"
	investAuth = "    LinkTokenInvestmentsAuth:"
	transfer   = "    LinkTokenCreateRequestTransfer:"
)

func TestMutationsOfSchemas(t *testing.T) {
	for _, m := range []mutation{
		{"an enum value more, which breaks nothing", sources, "        - payroll\n", "        - payroll\n        - broker\n", callers, []string{"EmploymentSourceType", "new values broker", "enums are open"}},
		{"an enum value less", sources, "        - payroll\n", "", callers, []string{"EmploymentSourceType", "lost the values payroll", "breaks"}},
		{"the same on the wire", sources, "        - payroll\n", "", wire, []string{"error", "/link/token/create", "request-property-enum-value-removed"}},
		{"a value more in an answer is harmless", "    PlaidErrorType:", "      enum:\n", "      enum:\n        - NEW_ERROR\n", wire, []string{"info", "`NEW_ERROR`", "response-property-enum-value-added"}},
		{"the order of values", sources, "        - bank\n        - payroll\n", "        - payroll\n        - bank\n", callers, []string{"None."}},
		{"an inline value more", "    LinkSessionExitMetadata:", "            - choose_device\n", "            - choose_device\n            - gave_up\n", callers, []string{"LinkSessionExitMetadata.status", "gave_up"}},
		{"an optional property of a request", request, "        client_name:\n", "        nickname:\n          type: string\n          description: Name.\n        client_name:\n", callers, []string{"LinkTokenCreateRequest.nickname", "is new", "left out unless it is set"}},
		{"a required property of a request", transfer, "      properties:\n", "      required: [mode]\n      properties:\n        mode:\n          type: string\n          description: Mode.\n", decide, []string{"LinkTokenCreateRequestTransfer.mode", "refuses calls"}},
		{"the same on the wire", transfer, "      properties:\n", "      required: [mode]\n      properties:\n        mode:\n          type: string\n          description: Mode.\n", wire, []string{"error", "transfer/mode"}},
		{"a property of an answer", answer, "        link_token:\n", "        mood:\n          type: string\n          description: Mood.\n        link_token:\n", callers, []string{"LinkTokenGetResponse.mood", "until now the value was in ExtraFields"}},
		{"a property of a request is gone", transfer, "        intent_id:\n", "        intent:\n", callers, []string{"LinkTokenCreateRequestTransfer.intent_id", "is gone", "breaks"}},
		{"a property of an answer is gone", answer, "        - metadata\n", "", wire, []string{"/link/token/get", "metadata"}},
		{"a type", limits, "type: integer", "type: string", callers, []string{"days_requested", "integer became string", "breaks"}},
		{"a type that stays the same in Go", transfer, "        intent_id:\n          type: string", "        intent_id:\n          $ref: '#/components/schemas/UserToken'", callers, []string{"intent_id", "string became UserToken", "stays string"}},
		{"a format that Go knows", transfer, "        intent_id:\n          type: string", "        intent_id:\n          type: string\n          format: date-time", callers, []string{"intent_id", "string (date-time)", "time.Time", "breaks"}},
		{"a format that Go does not know", transfer, "        intent_id:\n          type: string", "        intent_id:\n          type: string\n          format: url", added, []string{"intent_id.format", "no Go type"}},
		{"optional, then required: a boolean", investAuth, "      properties:\n", "      required: [manual_entry_enabled]\n      properties:\n", callers, []string{"manual_entry_enabled", "became required", "refuses calls"}},
		{"optional, then required: an integer", limits, "      properties:\n", "      required: [days_requested]\n      properties:\n", callers, []string{"days_requested", "became required", "was *int and is int", "breaks"}},
		{"required, then optional: a string", answer, "        - link_token\n", "", callers, []string{"LinkTokenGetResponse.link_token", "became optional", "stays"}},
		{"required, then optional: a nullable time", answer, "        - created_at\n", "", callers, []string{"LinkTokenGetResponse.created_at", "became optional", "was *time.Time and is time.Time", "breaks"}},
		{"nullable where it is required", answer, "        link_token:\n          type: string\n", "        link_token:\n          type: string\n          nullable: true\n", callers, []string{"LinkTokenGetResponse.link_token", "became nullable", "was string and is *string", "breaks"}},
		{"nullable where it is optional", transfer, "        intent_id:\n          type: string\n", "        intent_id:\n          type: string\n          nullable: true\n", callers, []string{"intent_id", "became nullable", "stays"}},
		{"no longer nullable", answer, "          format: date-time\n          nullable: true\n", "          format: date-time\n", callers, []string{"LinkTokenGetResponse.created_at", "no longer nullable", "was *time.Time and is time.Time"}},
		{"a limit", limits, "maximum: 730", "maximum: 365", callers, []string{"days_requested", "maximum: 730 became 365", "Plaid enforces it"}},
		{"a default", limits, "default: 90", "default: 30", callers, []string{"days_requested", "default: 90 became 30"}},
		{"a fact that no longer holds", limits, "maximum: 730", "maximum: 365", facts, []string{"days_requested", `expected "730", found "365"`}},
		{"a schema is renamed", "    LinkTokenGetResponse:", "schemas/LinkTokenGetSessionsResponse", "schemas/LinkTokenGetResponse", callers, []string{"LinkTokenGetSessionsResponse", "is gone", "breaks"}},
		{"a description, which is no change", request, "Body of a request", "The body of a request", callers, []string{"None."}},
		{"a property named as a keyword is", transfer, "        intent_id:\n", "        required:\n          type: string\n          description: R.\n        enum:\n          type: string\n          description: E.\n        intent_id:\n", callers, []string{"LinkTokenCreateRequestTransfer.enum", "is new"}},
		{"a schema that refers to itself", transfer, "        intent_id:\n", "        parent:\n          $ref: '#/components/schemas/LinkTokenCreateRequestTransfer'\n        intent_id:\n", callers, []string{"LinkTokenCreateRequestTransfer.parent", "is new"}},
	} {
		t.Run(m.name, m.run)
	}
}

func TestMutationsOfOperationsAndOverlays(t *testing.T) {
	for _, m := range []mutation{
		{"an operation is renamed", getPath, "operationId: linkTokenGet\n", "operationId: linkTokenRead\n", decide, []string{"linkTokenRead", "no longer `linkTokenGet`"}},
		{"an operation is renamed to one of the list", getPath, "operationId: linkTokenGet\n", "operationId: linkTokenRead\n", ops, []string{"In Plaid's Link family", "linkTokenRead"}},
		{"an operation of the Link family", "paths:", getPath + "\n", "  /link/delivery/create:\n    post:\n      operationId: linkDeliveryCreate\n      responses:\n        '200':\n          description: OK\n" + getPath + "\n", ops, []string{"not in `api/scope.yaml`", "linkDeliveryCreate"}},
		{"a path", getPath, "operationId: linkTokenGet\n", "operationId: linkTokenGet\n      deprecated: true\n", wire, []string{"endpoint-deprecated"}},
		{"a fix of what is gone", "tags:", "  - name: Plaid\n", "  - name: Link\n", deleted, []string{"api/fixes.yaml:13", "dead", "$.tags", "look where"}},
		{"a server is gone", "servers:", "  - description: Development\n    url: https://development.plaid.com\n", "", added, []string{"api/fixes.yaml", "server `Development`"}},
		{"a fix of what is right by now", "info:", "title: 'Plaid link/'\n  version: 2020-09-14_1.517.0\n  description: Needs description.\n", "title: Plaid Link\n  version: 2020-09-14_1.600.0\n  description: >-\n    The operations of Plaid Link: create a link token, read its sessions, exchange the public token, and fetch the\n    key that signs webhooks.\n", deleted, []string{"Redundant in `api/fixes.yaml`", "6 `$.info`"}},
		{"a completion of what is otherwise", limits, "type: integer", "type: number", deleted, []string{"api/completion.yaml:1705", "conflict", "integer in the overlay, number in the file", "decide"}},
		{"a completion of what is the same", limits, "type: integer", "type: integer\n          x-new: 1", deleted, []string{"Redundant", "1705 `LinkTokenTransactions`"}},
		{"an example that its schema refuses", createPath, "expiration: '2020-03-27T12:56:34Z'", "expiration: soon", added, []string{"examples['example-1']", "date-time"}},
		{"a default that its schema refuses", limits, "default: 90", "default: ninety", added, []string{"days_requested.default", "integer"}},
		{"an enum with null", sources, "        - payroll\n", "        - payroll\n        - null\n", added, []string{"EmploymentSourceType.enum[?@ == null]"}},
		{"which makes it nullable", sources, "        - payroll\n", "        - payroll\n        - null\n", added, []string{"EmploymentSourceType`: Its enum has null."}},
		{"a number in an enum of strings", sources, "        - payroll\n", "        - payroll\n        - 401\n", callers, []string{"EmploymentSourceType", "has the new values 401"}},
		{"a truth in an enum of strings", sources, "        - payroll\n", "        - payroll\n        - true\n", added, []string{"EmploymentSourceType.enum[?@ == true]"}},
		{"an access token by its name", transfer, "        intent_id:\n", "        access_token:\n          type: string\n          description: Token.\n        intent_id:\n", added, []string{"LinkTokenCreateRequestTransfer.properties.access_token", "redact"}},
		{"a schema that the file refers to and lacks", "components:", "    LinkTokenCreateResponse:\n", "    LinkTokenCreateAnswer:\n", added, []string{"`LinkTokenCreateResponse`", "the file lacks"}},
		{"an anchor and its alias", limits, "default: 90\n          minimum: 1\n", "default: &days 90\n          minimum: *days\n", callers, []string{"minimum: 1 became 90"}},
	} {
		t.Run(m.name, m.run)
	}
}
