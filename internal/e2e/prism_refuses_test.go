package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
)

const violationsHeader = "Sl-Violations" // where Prism lists what is wrong with a request

// violation is one entry of that header.
type violation struct {
	Location []string `json:"location"` // "request", "body", then names
	Code     any      `json:"code"`     // a keyword of JSON Schema, or a status
	Message  string   `json:"message"`
}

// String is the place and the keyword.
func (v violation) String() string {
	return strings.Join(v.Location, ".") + " " + fmt.Sprint(v.Code)
}

// send sends a request without the SDK, and without the headers that without lists.
func send(t *testing.T, mock site, path string, body any, without ...string) (status int, found []violation) {
	t.Helper()
	data, err := json.Marshal(body)
	require.NoError(t, err)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, mock.URL+path, bytes.NewReader(data))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	for name, value := range map[string]string{
		"PLAID-CLIENT-ID": mock.ClientID, "PLAID-SECRET": mock.Secret, "Plaid-Version": plaidlink.APIVersion,
	} {
		if !slices.Contains(without, name) {
			r.Header.Set(name, value)
		}
	}
	response, err := newHTTPClient(t).Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	if header := response.Header.Get(violationsHeader); header != "" {
		require.NoError(t, json.Unmarshal([]byte(header), &found))
	}
	return response.StatusCode, found
}

// Prism refuses a request that lacks a header of the credentials.
func TestPrismRequiresCredentials(t *testing.T) {
	mock := startPrism(t)
	all := []string{"PLAID-CLIENT-ID", "PLAID-SECRET", "Plaid-Version"}
	for _, op := range operations {
		for _, without := range [][]string{all, all[:1], all[1:2], all[2:]} {
			prism.check(t, op.ID+" without "+strings.Join(without, " "), func(t *testing.T) {
				status, found := send(t, mock, op.Path, op.body(t, minimal), without...)
				require.Equal(t, http.StatusUnauthorized, status)
				require.Len(t, found, 1)
				require.Equal(t, "request 401", found[0].String())
			})
		}
	}
}

// Prism checks every field: it names each that has the wrong type, and each that is required and missing. So it has read the
// whole of a request that it accepts.
func TestPrismChecksEveryField(t *testing.T) {
	mock := startPrism(t)
	for _, op := range operations {
		fields := fieldsOf(op.schema(t), nil)
		prism.check(t, fmt.Sprintf("%s, %d fields of the wrong type", op.ID, len(fields)), func(t *testing.T) {
			for _, field := range fields {
				body := op.body(t, lowest)
				at(body, field.path)[field.name()] = field.wrong()
				status, found := send(t, mock, op.Path, body)
				require.Equal(t, http.StatusUnprocessableEntity, status, field)
				require.Contains(t, texts(found), "request.body."+strings.Join(field.path, ".")+" type")
			}
		})
		required := slices.DeleteFunc(slices.Clone(fields), func(f field) bool { return !f.required })
		prism.check(t, fmt.Sprintf("%s, %d required fields missing", op.ID, len(required)), func(t *testing.T) {
			require.True(t, len(required) > 0 || op.ID == "userRemove", "it names the user in one of two ways")
			for _, field := range required {
				body := op.body(t, lowest)
				delete(at(body, field.path), field.name())
				status, found := send(t, mock, op.Path, body)
				require.Equal(t, http.StatusUnprocessableEntity, status, field)
				require.Len(t, found, 1)
				place := append([]string{"request", "body"}, field.path[:len(field.path)-1]...)
				require.Equal(t, strings.Join(place, ".")+" required", found[0].String())
				require.Contains(t, found[0].Message, "'"+field.name()+"'")
			}
		})
	}
}

// field is a property of a request, at any depth.
type field struct {
	path     []string
	schema   *openapi3.Schema
	required bool
}

func (f field) name() string   { return f.path[len(f.path)-1] }
func (f field) String() string { return strings.Join(f.path, ".") }

// wrong returns a value of another type.
func (f field) wrong() any {
	if f.schema.Type.Is("string") {
		return 7
	}
	return "seven"
}

// fieldsOf returns the properties of a schema, including those of the first entry of a list.
func fieldsOf(schema *openapi3.Schema, path []string) (all []field) {
	if schema.Items != nil {
		return fieldsOf(schema.Items.Value, append(slices.Clone(path), "0"))
	}
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		one := field{append(slices.Clone(path), name), schema.Properties[name].Value, slices.Contains(schema.Required, name)}
		all = append(all, one)
		all = append(all, fieldsOf(one.schema, one.path)...)
	}
	return all
}

// at returns the object that holds the field of a path.
func at(body map[string]any, path []string) map[string]any {
	var holder any = body
	for _, name := range path[:len(path)-1] {
		if list, ok := holder.([]any); ok {
			holder = list[0]
			continue
		}
		holder = holder.(map[string]any)[name]
	}
	return holder.(map[string]any)
}

func texts(found []violation) (all []string) {
	for _, one := range found {
		all = append(all, one.String())
	}
	return all
}

// Prism checks more than types.
func TestPrismChecksValues(t *testing.T) {
	mock := startPrism(t)
	create := operations[slices.IndexFunc(operations, func(o operation) bool { return o.ID == "linkTokenCreate" })]
	for want, value := range map[string]any{
		"client_name minLength":                                     "",
		"country_codes minItems":                                    []any{},
		"country_codes.0 enum":                                      "XX",
		"user.client_user_id minLength":                             "",
		"user.id_number.type enum":                                  "passport",
		"user.date_of_birth format":                                 "29.2.2024",
		"user.email_address_verified_time format":                   "yesterday",
		"products.0 enum":                                           "balances",
		"webhook type":                                              nil, // null is not absent
		"hosted_link.delivery_method enum":                          "fax",
		"transactions.days_requested minimum":                       0,
		"transactions.days_requested maximum":                       731,
		"transactions.days_requested type":                          1.5,
		"income_verification.stated_income_sources.0.pay_type enum": "",
	} {
		prism.check(t, want, func(t *testing.T) {
			path, _, _ := strings.Cut(want, " ")
			names := strings.Split(path, ".")
			body := create.body(t, lowest)
			if last := len(names) - 1; names[last] == "0" {
				at(body, names[:last])[names[last-1]] = []any{value}
			} else {
				at(body, names)[names[last]] = value
			}
			status, found := send(t, mock, create.Path, body)
			require.Equal(t, http.StatusUnprocessableEntity, status)
			require.Equal(t, []string{"request.body." + want}, texts(found))
		})
	}
}
