package wire

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/internal/safe"
)

// hidden are the properties whose values are not shown when a generated type prints or is logged, by why. Reading the field
// and encoding/json still have them. A name with a dot is a property of an object: of a schema, or of the property that holds
// the object. A name that ends in token or tokens is hidden without being here; ids, enums and amounts are shown.
var hidden = func() map[string]bool {
	names := map[string]bool{}
	for _, list := range []string{
		// They open data or accounts.
		"secret secrets client_secret production_secret override_password",
		// They identify a person to the authorities.
		"ssn ssn_full ssn_last_4 id_number.value UserIDNumber.value id_numbers tax_id taxpayer_id employer_id_number document_number",
		// They move money.
		"account_number account_numbers routing routing_number routing_numbers wire_routing wire_routing_number ach_routing " +
			"ach_wire_routing account_routing_number iban international_iban bic international_bic sort_code bacs_sort_code dtc_numbers",
		// Who a person is.
		"given_name family_name first_name middle_name last_name full_name legal_name third_party_legal_name employee_name " +
			"verification_name names alternative_names date_of_birth dates_of_birth counterparty_date_of_birth",
		// How to reach a person.
		"email emails email_address email_addresses phone phone_number phone_numbers telephone_number ip_address customer_ip_address",
		// Where a person lives.
		"address addresses primary_address home_address property_address counterparty_address street street_1 street_2 street2 city postal_code",
	} {
		for _, name := range strings.Fields(list) {
			names[name] = true
		}
	}
	return names
}()

// isHidden reports whether the value of a property of an object is hidden, by its name and the kind of the value. An account
// is a number if it is a text; in other places it is an object.
func isHidden(owner, name string, kind jsontext.Kind) bool {
	return hidden[name] || hidden[owner+"."+name] || name == "account" && kind == '"' ||
		strings.HasSuffix(name, "token") || strings.HasSuffix(name, "tokens")
}

// hide returns a document with the hidden properties redacted. Owner is the schema of its object.
func hide(document []byte, owner string) ([]byte, error) {
	var out bytes.Buffer
	options := []jsontext.Options{jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)}
	enc := jsontext.NewEncoder(&out, options...)
	err := hideValue(jsontext.NewDecoder(bytes.NewReader(document), options...), enc, owner)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

func hideValue(dec *jsontext.Decoder, enc *jsontext.Encoder, owner string) error {
	open := dec.PeekKind()
	if open != '{' && open != '[' {
		value, err := dec.ReadValue()
		if err != nil {
			return err
		}
		return enc.WriteValue(value)
	}
	if err := copyToken(dec, enc); err != nil {
		return err
	}
	for dec.PeekKind() != '}' && dec.PeekKind() != ']' {
		inner := owner
		if open == '{' {
			name, err := dec.ReadToken()
			if err != nil {
				return err
			}
			inner = name.String()
			if err := enc.WriteToken(jsontext.String(inner)); err != nil {
				return err
			}
			if isHidden(owner, inner, dec.PeekKind()) {
				if err := redactValue(dec, enc); err != nil {
					return err
				}
				continue
			}
		}
		if err := hideValue(dec, enc, inner); err != nil {
			return err
		}
	}
	return copyToken(dec, enc)
}

func copyToken(dec *jsontext.Decoder, enc *jsontext.Encoder) error {
	token, err := dec.ReadToken()
	if err != nil {
		return err
	}
	return enc.WriteToken(token)
}

// redactValue redacts a value that holds something, of a list each element.
func redactValue(dec *jsontext.Decoder, enc *jsontext.Encoder) error {
	if dec.PeekKind() == '[' {
		if err := copyToken(dec, enc); err != nil {
			return err
		}
		for dec.PeekKind() != ']' {
			if err := redactValue(dec, enc); err != nil {
				return err
			}
		}
		return copyToken(dec, enc)
	}
	value, err := dec.ReadValue()
	if err != nil {
		return err
	}
	switch string(value) {
	case "null", `""`, "{}":
		return enc.WriteValue(value)
	}
	return enc.WriteToken(jsontext.String(safe.Redacted))
}
