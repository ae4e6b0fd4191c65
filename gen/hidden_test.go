package gen_test

import (
	stdjson "encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// What a type holds of a person is not printed, wherever it stands, and is encoded as it is.
func TestPersonalDataDoesNotPrint(t *testing.T) {
	const mark = "personal-7d1f"
	extra := func(body string) gen.ExtraFields {
		var fields gen.ExtraFields
		require.NoError(t, stdjson.Unmarshal([]byte(body), &fields))
		return fields
	}
	for name, test := range map[string]struct {
		pointer, value any
	}{
		"a number of the state, in a user": {&gen.LinkTokenCreateRequestUser{SSN: mark}, gen.LinkTokenCreateRequestUser{SSN: mark}},
		"an e-mail address":                {&gen.LinkTokenCreateRequestUser{EmailAddress: mark}, gen.LinkTokenCreateRequestUser{EmailAddress: mark}},
		"a phone number":                   {&gen.LinkTokenCreateRequestUser{PhoneNumber: mark}, gen.LinkTokenCreateRequestUser{PhoneNumber: mark}},
		"a name":                           {&gen.LinkTokenCreateRequestUser{LegalName: mark}, gen.LinkTokenCreateRequestUser{LegalName: mark}},
		"an id number by itself":           {&gen.UserIDNumber{Value: mark}, gen.UserIDNumber{Value: mark}},
		"an id number in a user":           {&gen.LinkTokenCreateRequestUser{IDNumber: &gen.UserIDNumber{Value: mark}}, gen.LinkTokenCreateRequestUser{IDNumber: &gen.UserIDNumber{Value: mark}}},
		"an address by itself":             {&gen.UserAddress{Street: mark}, gen.UserAddress{Street: mark}},
		"a user token":                     {&gen.LinkTokenCreateRequest{UserToken: mark}, gen.LinkTokenCreateRequest{UserToken: mark}},
		"a property that is new":           {ptr(extra(`{"iban":"` + mark + `"}`)), extra(`{"iban":"` + mark + `"}`)},
		"below one that is new":            {ptr(extra(`{"x":[{"account":"` + mark + `","names":["` + mark + `"]}]}`)), extra(`{"x":[{"account":"` + mark + `","names":["` + mark + `"]}]}`)},
		"an object in place of a text":     {ptr(extra(`{"ssn":{"full":"` + mark + `"}}`)), extra(`{"ssn":{"full":"` + mark + `"}}`)},
	} {
		t.Run(name, func(t *testing.T) {
			for how, printed := range wiretest.Prints(test.pointer, test.value) {
				require.NotContains(t, printed, mark, how)
			}
			data, err := stdjson.Marshal(test.value)
			require.NoError(t, err)
			require.Contains(t, string(data), mark, "what is stored must not be lost")
		})
	}
}

// What support and operators ask for is shown.
func TestIDsAndEnumsPrint(t *testing.T) {
	var shown gen.ExtraFields
	require.NoError(t, stdjson.Unmarshal([]byte(`{"item_id":"item-1","account":{"account_id":"account-1"},"ssn":null,"emails":[],"type":"depository","value":"v-1","amount":7}`), &shown))
	for how, printed := range wiretest.Prints(&shown, shown) {
		if how == "pointer %v" || how == "value %+v" || how == "slog json" {
			for _, want := range []string{"item-1", "account-1", "depository", "v-1", "7", "null"} {
				require.Contains(t, printed, want, how)
			}
		}
	}
}

func ptr[T any](v T) *T { return &v }
