package wire

import (
	"bytes"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/internal/safe"
)

// hidden are the properties whose values are not shown when a generated type prints or is logged, by why. Reading the field
// and encoding/json still have them. What is before a dot is the property that holds the object, or how the name of its type
// ends: a value can print without what holds it. A name that ends in token or tokens is hidden without being here; ids, enums
// and amounts are shown.
var hidden = func() map[string][]string {
	owners := map[string][]string{} // by property; "" is every owner
	for _, list := range []string{
		// They open data or accounts.
		"secret secrets client_secret production_secret override_password",
		// They identify a person to the authorities.
		"ssn ssn_full ssn_last_4 id_number.value IDNumber.value id_numbers tax_id taxpayer_id TaxpayerID.last_4_digits TaxpayerIdentifierValue " +
			"employer_id_number document_number",
		// They move money.
		"account_number account_numbers routing routing_number routing_numbers wire_routing wire_routing_number ach_routing " +
			"ach_wire_routing account_routing_number iban international_iban bic international_bic sort_code bacs_sort_code dtc_numbers",
		// Who a person is.
		"given_name family_name first_name middle_name last_name full_name legal_name third_party_legal_name employee_name " +
			"verification_name names alternative_names NamesItems.data ScreeningHitNames.full date_of_birth dates_of_birth " +
			"counterparty_date_of_birth DateOfBirthItem.data",
		// How to reach a person.
		"email emails email_address email_addresses Email.data EmailsItem.data EmailsItems.data phone phone_number phone_numbers " +
			"telephone_number PhoneNumber.data PhoneNumber.number PhoneNumbersItem.data PhoneNumberItems.data ip_address customer_ip_address",
		// Where a person lives.
		"address addresses primary_address home_address property_address counterparty_address street street_1 street_2 street2 line1 line2 " +
			"city postal_code",
	} {
		for _, entry := range strings.Fields(list) {
			owner, name, within := strings.Cut(entry, ".")
			if !within {
				owner, name = "", entry
			}
			owners[name] = append(owners[name], owner)
		}
	}
	return owners
}()

// isHidden reports whether the value of a property of an object is hidden, by its name and the kind of the value. An account
// is a number if it is a text; in other places it is an object.
func isHidden(owner, name string, kind jsontext.Kind) bool {
	return slices.ContainsFunc(hidden[name], func(of string) bool { return strings.HasSuffix(owner, of) }) ||
		name == "account" && kind == '"' || strings.HasSuffix(name, "token") || strings.HasSuffix(name, "tokens")
}

// hide returns a document with the hidden properties redacted. Owner is the schema of its object.
func hide(document []byte, owner string) ([]byte, error) {
	var out bytes.Buffer
	options := []jsontext.Options{jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)}
	enc := jsontext.NewEncoder(&out, options...)
	err := hideValue(jsontext.NewDecoder(bytes.NewReader(document), options...), enc, owner, false)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

// hideValue copies a value and hides properties in it. A value that is hidden itself is redacted if it holds something, of a
// list each element.
func hideValue(dec *jsontext.Decoder, enc *jsontext.Encoder, owner string, hidden bool) error {
	open := dec.PeekKind()
	if open != '[' && (open != '{' || hidden) {
		value, err := dec.ReadValue()
		if err != nil {
			return err
		}
		switch string(value) {
		case "null", `""`, "{}":
			hidden = false
		}
		if hidden {
			return enc.WriteToken(jsontext.String(safe.Redacted))
		}
		return enc.WriteValue(value)
	}
	if _, err := copyToken(dec, enc); err != nil {
		return err
	}
	for dec.PeekKind() != '}' && dec.PeekKind() != ']' {
		inner, hide := owner, hidden
		if open == '{' {
			name, err := copyToken(dec, enc)
			if err != nil {
				return err
			}
			inner, hide = name, isHidden(owner, name, dec.PeekKind())
		}
		if err := hideValue(dec, enc, inner, hide); err != nil {
			return err
		}
	}
	_, err := copyToken(dec, enc)
	return err
}

func copyToken(dec *jsontext.Decoder, enc *jsontext.Encoder) (text string, err error) {
	token, err := dec.ReadToken()
	if err != nil {
		return "", err
	}
	text = token.String()
	return text, enc.WriteToken(token)
}
