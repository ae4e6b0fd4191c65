package odd_test

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/wiretest"
	"github.com/plaidlink/plaidlink-go/wire"
)

// What generated types must not print, as a second opinion: names of properties, and names within an object of a name.
var (
	hiddenNames = strings.Fields(`secret secrets client_secret production_secret override_password
		ssn ssn_full ssn_last_4 id_numbers tax_id taxpayer_id employer_id_number document_number
		account_number account_numbers routing routing_number routing_numbers wire_routing wire_routing_number ach_routing
		ach_wire_routing account_routing_number iban international_iban bic international_bic sort_code bacs_sort_code dtc_numbers
		given_name family_name first_name middle_name last_name full_name legal_name third_party_legal_name employee_name
		verification_name names alternative_names date_of_birth dates_of_birth counterparty_date_of_birth
		email emails email_address email_addresses phone phone_number phone_numbers telephone_number ip_address customer_ip_address
		address addresses primary_address home_address property_address counterparty_address street street_1 street_2 street2 line1 line2 city postal_code TaxpayerIdentifierValue`)
	// How the type of the object ends, or the property that holds it, by the name of the property within.
	hiddenWithin = map[string]*regexp.Regexp{
		"value": regexp.MustCompile(`(IDNumber|id_number)$`), "last_4_digits": regexp.MustCompile(`TaxpayerID$`),
		"data":   regexp.MustCompile(`(Email|EmailsItems?|PhoneNumber|PhoneNumbersItem|PhoneNumberItems|NamesItems|DateOfBirthItem)$`),
		"number": regexp.MustCompile(`PhoneNumber$`), "full": regexp.MustCompile(`ScreeningHitNames$`),
	}
)

const (
	hiddenText, shownText = "hidden-7d1f", "shown-7d1f"
	hiddenYear, shownYear = 1907, 2011
)

// checkHidden fills each type that the methods of a generated client take or return with values, prints it in every way, and
// requires that no value shows that must be hidden, and that the others do. It returns the number of types, and of those that
// hold something hidden.
func checkHidden(t testing.TB, client reflect.Type) (types, holders int) {
	t.Helper()
	found := map[reflect.Type]bool{}
	for method := range client.Methods() {
		if method.Type.NumIn() > 2 && method.Type.NumOut() == 2 && method.Type.In(2).Kind() == reflect.Struct &&
			method.Type.In(2).PkgPath() == client.Elem().PkgPath() {
			collect(method.Type.In(2), found)
			collect(method.Type.Out(0), found)
		}
	}
	for typ := range found {
		value := reflect.New(typ)
		f := filler{}
		f.fill(value.Elem(), typ.Name(), false, 0)
		for how, printed := range wiretest.Prints(value.Interface(), value.Elem().Interface()) {
			require.NotContains(t, printed, hiddenText, "%s, %s", typ, how)
			require.NotContains(t, printed, "1907-01", "%s, %s", typ, how)
			if f.shown > 0 && strings.HasSuffix(how, " %v") {
				require.Contains(t, printed, shownText, "%s, %s", typ, how)
			}
		}
		if f.hidden > 0 {
			holders++
		}
	}
	return len(found), holders
}

// collect adds the struct types of the package of typ that a value of it can hold.
func collect(typ reflect.Type, found map[reflect.Type]bool) {
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		collect(typ.Elem(), found)
	case reflect.Struct:
		if _, object := typ.FieldByName("ExtraFields"); object && !found[typ] {
			found[typ] = true
			for field := range typ.Fields() {
				collect(field.Type, found)
			}
		}
	}
}

// filler fills values, and counts what is to be hidden and what is to be shown.
type filler struct{ hidden, shown int }

// fill fills a value. The owner is the name of its object, or of the property that holds that.
func (f *filler) fill(v reflect.Value, owner string, hide bool, depth int) {
	switch kind := v.Kind(); {
	case depth > 4:
	case kind == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), owner, hide, depth)
	case kind == reflect.Slice && v.Type().Elem().Kind() != reflect.Uint8:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		f.fill(v.Index(0), owner, hide, depth)
	case v.Type() == reflect.TypeFor[time.Time]():
	case kind == reflect.String && hide:
		v.SetString(hiddenText)
		f.hidden++
	case kind == reflect.String:
		v.SetString(shownText)
		f.shown++
	case v.Type() == reflect.TypeFor[wire.Date]():
		year := shownYear
		if hide {
			year = hiddenYear
			f.hidden++
		}
		v.Field(0).SetInt(int64(year))
		v.Field(1).SetInt(1)
		v.Field(2).SetInt(1)
	case kind == reflect.Struct:
		for i := range v.NumField() {
			field := v.Field(i)
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			if name != "" {
				f.fill(field, name, hide || mustHide(owner, name, field.Type()), depth+1)
			}
		}
	}
}

func mustHide(owner, name string, typ reflect.Type) bool {
	for _, hidden := range hiddenNames {
		if name == hidden {
			return true
		}
	}
	within := hiddenWithin[name]
	return within != nil && within.MatchString(owner) || strings.HasSuffix(name, "token") || strings.HasSuffix(name, "tokens") ||
		name == "account" && typ.Kind() == reflect.String
}
