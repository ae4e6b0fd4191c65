package spec_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/spec"
)

// facts are those of the sources that plaid gives; currentFacts are those of api/openapi.yaml.
const (
	facts        = "internal/spec/testdata/facts-1.517.0.tsv"
	currentFacts = "internal/spec/testdata/facts-1.697.4.tsv"
)

func TestFactsHold(t *testing.T) {
	report, err := spec.CheckFacts([]byte(compose(t, plaid(t))), committed(t, facts))
	require.NoError(t, err)
	require.Equal(t, spec.FactsReport{Rows: 437, Schemas: 123, Skipped: 14}, report)
}

var acceptAll = flag.Bool("accept", false, "write the differences of the committed document from the facts to "+accepted)

const (
	accepted     = "internal/spec/testdata/facts-accepted.txt"
	acceptedHead = "# Where the document and the table of facts, which is of version 1.697.4, say different things because Plaid has changed\n" +
		"# its file since. Written by make bump.\n"
)

// What is committed holds them too, but for what newer versions of the publisher's file have changed.
func TestFactsHoldOfTheCommittedDocument(t *testing.T) {
	report, err := spec.CheckFacts(committed(t, "api/openapi.yaml"), committed(t, currentFacts))
	if *acceptAll {
		text := acceptedHead
		if err != nil {
			text += err.Error() + "\n"
		}
		require.NoError(t, os.WriteFile(filepath.Join(root, accepted), []byte(text), 0o644))
	}
	require.Equal(t, spec.FactsReport{Rows: 981, Schemas: 237, Skipped: 38}, report)
	count, err := accept(err, string(committed(t, accepted)))
	if err != nil {
		fmt.Fprintln(os.Stderr, err) // a line a difference
		t.FailNow()
	}
	fmt.Printf("%d rows of facts about %d schemas, of version 1.697.4, hold (%d rows are client_id and secret, which the SDK sends as headers); "+
		"%d differences came with later versions\n", report.Rows-report.Skipped-count, report.Schemas, report.Skipped, count)
}

// accept leaves out the problems that a list names, a line each. It returns their number, and the other problems.
func accept(err error, list string) (count int, rest error) {
	var found, others spec.Problems
	if !errors.As(err, &found) {
		return 0, err
	}
	for _, p := range found {
		if slices.Contains(strings.Split(list, "\n"), p.String()) {
			count++
		} else {
			others = append(others, p)
		}
	}
	if len(others) == 0 {
		return count, nil
	}
	return count, others
}

func TestAcceptedDifferences(t *testing.T) {
	found := spec.Problems{{spec.Unlike, "/a", "b"}, {spec.Unlike, "/c", "d"}}
	count, err := accept(found, "# A reason.\n/a: unlike: b\n/e: unlike: f\n")
	require.Equal(t, 1, count)
	requireProblems(t, []spec.Problem{{spec.Unlike, "/c", "d"}}, err)

	count, err = accept(nil, "")
	require.Zero(t, count)
	require.NoError(t, err)
}

// Each sort of fact is changed once in the committed document, and the change is found with its place.
func TestFactsThatDoNotHold(t *testing.T) {
	const (
		transactions = "/components/schemas/LinkTokenTransactions/properties/days_requested"
		jwk          = "/components/schemas/JWKPublicKey"
		initial      = "/components/schemas/SandboxPublicTokenCreateRequest/properties/initial_products"
		auth         = "/components/schemas/LinkTokenCreateRequestAuth/properties/flow_type"
		exitStatus   = "/components/schemas/LinkSessionExitMetadata/properties/status"
	)
	for _, c := range []struct {
		name     string
		below    string // the line below which old comes first
		old, new string
		want     spec.Problem
	}{
		{"a type", "    LinkTokenTransactions:", "type: integer", "type: number", spec.Problem{spec.Unlike, transactions, `type: expected "integer", found "number"`}},
		{"a type that is a schema", "    ItemPublicTokenExchangeResponse:", "schemas/AccessToken", "schemas/UserToken", spec.Problem{spec.Unlike, "/components/schemas/ItemPublicTokenExchangeResponse/properties/access_token", `expected "AccessToken"`}},
		{"the type of items", "    SandboxPublicTokenCreateRequest:", "schemas/Products", "schemas/Region", spec.Problem{spec.Unlike, initial, `type: expected "array of Products", found "array of Region"`}},
		{"no longer required", "    WebhookVerificationKeyGetRequest:", "      required:\n        - key_id\n", "", spec.Problem{spec.Unlike, "/components/schemas/WebhookVerificationKeyGetRequest/properties/key_id", `required: expected "yes"`}},
		{"required by now", "    LinkTokenCreateResponse:", "        - request_id\n", "        - request_id\n        - hosted_link_url\n", spec.Problem{spec.Unlike, "/components/schemas/LinkTokenCreateResponse/properties/hosted_link_url", `required: expected "no"`}},
		{"no longer nullable", "    PostalCode:", "      nullable: true\n", "", spec.Problem{spec.Unlike, "/components/schemas/PostalCode", `nullable: expected "yes"`}},
		{"nullable by now", "    RequestID:", "type: string\n", "type: string\n      nullable: true\n", spec.Problem{spec.Unlike, "/components/schemas/RequestID", `nullable: expected "no"`}},
		{"a format", "    LinkTokenCreateResponse:", "format: date-time", "format: date", spec.Problem{spec.Unlike, "/components/schemas/LinkTokenCreateResponse/properties/expiration", `format: expected "date-time", found "date"`}},
		{"an enum without a value", "    EmploymentSourceType:", "        - payroll\n", "", spec.Problem{spec.Unlike, "/components/schemas/EmploymentSourceType", `enum: expected "bank payroll", found "bank"`}},
		{"an enum with a value more", "    EmploymentSourceType:", "        - payroll\n", "        - payroll\n        - broker\n", spec.Problem{spec.Unlike, "/components/schemas/EmploymentSourceType", `found "bank payroll broker"`}},
		{"a value of its own row", "    LinkSessionExitMetadata:", "            - choose_device\n", "", spec.Problem{spec.Unlike, exitStatus, "enum: expected"}},
		{"a value more than its rows", "    LinkSessionExitMetadata:", "            - choose_device\n", "            - choose_device\n            - gave_up\n", spec.Problem{spec.Unlike, exitStatus, "gave_up"}},
		{"an enum where there is none", "    RequestID:", "type: string\n", "type: string\n      enum: [a]\n", spec.Problem{spec.Unlike, "/components/schemas/RequestID", `enum: expected "", found "a"`}},
		{"a default", "    LinkTokenTransactions:", "default: 90", "default: 91", spec.Problem{spec.Unlike, transactions, `default: expected "90"`}},
		{"a limit", "    LinkTokenTransactions:", "maximum: 730", "maximum: 731", spec.Problem{spec.Unlike, transactions, `maximum: expected "730", found "731"`}},
		{"a limit more", "    RequestID:", "type: string\n", "type: string\n      maxLength: 15\n", spec.Problem{spec.Unlike, "/components/schemas/RequestID", `maxLength: expected "", found "15"`}},
		{"a limit less", "    SandboxPublicTokenCreateRequest:", "          minItems: 1\n", "", spec.Problem{spec.Unlike, initial, `minItems: expected "1", found ""`}},
		{"a flag less", "    LinkTokenCreateRequestAuth:", "          deprecated: true\n", "", spec.Problem{spec.Unlike, auth, `deprecated: expected "yes"`}},
		{"a flag more", "    JWKPublicKey:", "type: object\n", "type: object\n      x-hidden-from-docs: true\n", spec.Problem{spec.Unlike, jwk, `hidden-from-docs: expected "no"`}},
		{"a closed object", "    JWKPublicKey:", "additionalProperties: true", "additionalProperties: false", spec.Problem{spec.Unlike, jwk, `additionalProperties: expected "yes"`}},
		{"a blank description", "    LinkSessionExitMetadata:", "description: Step", "description: ' ' # Step", spec.Problem{spec.Unlike, exitStatus, "no description"}},
		{"a property less", "    JWKPublicKey:", "        crv:\n          type: string\n          description: Elliptic curve; `P-256` for the keys in use.\n", "", spec.Problem{spec.Unlike, jwk + "/properties/crv", "not in the document"}},
		{"a property more", "    JWKPublicKey:", "        crv:", "        x5c:\n          type: string\n        crv:", spec.Problem{spec.Unlike, jwk + "/properties/x5c", "not in the table"}},
		{"a schema more", "  schemas:", "    ", "    Other:\n      type: string\n    ", spec.Problem{spec.Unlike, "/components/schemas/Other", "not in the table"}},
		{"a credential in a body", "    LinkTokenGetRequest:", "        link_token:", "        client_id:\n          type: string\n        link_token:", spec.Problem{spec.Unlike, "/components/schemas/LinkTokenGetRequest/properties/client_id", "as a header"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := compose(t, plaid(t))
			above, schema, found := strings.Cut(doc, "\n"+c.below+"\n")
			require.True(t, found, c.below)
			changed := strings.Replace(schema, c.old, c.new, 1)
			require.NotEqual(t, schema, changed)
			_, err := spec.CheckFacts([]byte(above+"\n"+c.below+"\n"+changed), committed(t, facts))
			requireProblems(t, []spec.Problem{c.want}, err)
		})
	}
}

// What the table of the whole API has beside schemas that the document has as they are: operations, compositions, which
// the document has as one object, values of other types than their schema, and maps.
func TestFactsOfOperationsAndCompositionsThatDoNotHold(t *testing.T) {
	const (
		create = "/paths/~1user~1create/post"
		item   = "/components/schemas/ItemWithConsentFields"
		amount = "/components/schemas/PaymentInitiationMaximumPaymentAmount"
	)
	for _, c := range []struct {
		name     string
		below    string // the line below which old stands first
		old, new string
		want     spec.Problem
	}{
		{"an operationId", "  /user/create:", "operationId: userCreate", "operationId: userMake", spec.Problem{spec.Unlike, create + "/operationId", `expected "userCreate", found "userMake"`}},
		{"a request", "  /user/create:", "schemas/UserCreateRequest", "schemas/UserGetRequest", spec.Problem{spec.Unlike, create + "/request", `expected "UserCreateRequest", found "UserGetRequest"`}},
		{"a request that may be left out", "  /user/create:", "required: true", "required: false", spec.Problem{spec.Unlike, create + "/request", `expected "UserCreateRequest", found ""`}},
		{"a response", "  /user/create:", "schemas/UserCreateResponse", "schemas/UserGetResponse", spec.Problem{spec.Unlike, create + "/responses/200", `found "UserGetResponse"`}},
		{"the other success", "  /user/create:", "        '201':", "        '202':", spec.Problem{spec.Unlike, create + "/responses/201", `found ""`}},
		{"a property of a composition's part", "    ItemWithConsentFields:", "          type: string\n", "          type: integer\n", spec.Problem{spec.Unlike, item + "/properties/item_id", `expected "string", found "integer"`}},
		{"a property of a composition's own", "    ItemWithConsentFields:", "        created_at:", "        made_at:", spec.Problem{spec.Unlike, item + "/properties/created_at", "not in the document"}},
		{"a composition that adds nothing", "    ItemGetResponse:", "schemas/ItemStatus'", "schemas/Item'", spec.Problem{spec.Unlike, "/components/schemas/ItemGetResponse/properties/status", `expected "ItemStatus", found "Item"`}},
		{"a number of an enum", "    PrismCashScoreVersion:", "'4.1'", "'4.2'", spec.Problem{spec.Unlike, "/components/schemas/PrismCashScoreVersion", `enum: expected "4.1 4 3_lite 3", found "4.2 4 3_lite 3"`}},
		{"a map", "    PaymentInitiationMaximumPaymentAmount:", "        type: string", "        type: integer", spec.Problem{spec.Unlike, amount, `type: expected "map of string", found "map of integer"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			// Which quotes there are depends on the publisher's file.
			document := regexp.MustCompile(`"([\w.]+)"`).ReplaceAll(committed(t, "api/openapi.yaml"), []byte("'$1'"))
			above, part, found := strings.Cut(string(document), "\n"+c.below+"\n")
			require.True(t, found, c.below)
			changed := strings.Replace(part, c.old, c.new, 1)
			require.NotEqual(t, part, changed)
			_, err := spec.CheckFacts([]byte(above+"\n"+c.below+"\n"+changed), committed(t, currentFacts))
			requireOneOf(t, err, c.want)
		})
	}
}

// requireOneOf requires that a problem is among those of an error: what an operation loses can be missed in two places.
func requireOneOf(t *testing.T, err error, want spec.Problem) {
	t.Helper()
	var found spec.Problems
	require.ErrorAs(t, err, &found)
	for _, p := range found {
		if p.Kind == want.Kind && p.Place == want.Place && strings.Contains(p.Text, want.Text) {
			return
		}
	}
	require.Fail(t, "not found", "%s in:\n%s", want, err)
}

func TestFactsAllAtOnce(t *testing.T) {
	doc := []byte("components: {schemas: {A: {type: string, description: A.}, B: {type: object}}}")
	table := strings.Join([]string{
		"schema\tproperty\ttype\trequired\tnullable\tformat\tenum\tdefault\tconstraints\tflags",
		"A\t\tinteger\t\t\t\t\t\t\t",
		"A\t\tstring",
		"C\t\tstring\t\t\t\t\t\t\t",
	}, "\n")
	report, err := spec.CheckFacts(doc, []byte(table))
	requireProblems(t, []spec.Problem{
		{spec.Malformed, "facts:3", "expected 10 cells, found 3"},
		{spec.Unlike, "/components/schemas/A", `expected "integer", found "string"`},
		{spec.Unlike, "/components/schemas/C", "not in the document"},
		{spec.Unlike, "/components/schemas/B", "not in the table"},
	}, err)
	require.Equal(t, spec.FactsReport{Rows: 2, Schemas: 2}, report)

	_, err = spec.CheckFacts([]byte("- a\n"), []byte(table))
	requireProblems(t, []spec.Problem{{spec.Malformed, "openapi.yaml", "expected a YAML mapping"}}, err)
}
