package gen_test

import (
	stdjson "encoding/json"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/oapi-codegen/runtime/types"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

func TestDatesAgreeWithTheRuntimeOnTheWire(t *testing.T) {
	for wire, want := range map[string]gen.Date{
		`"2026-03-02"`: {Year: 2026, Month: time.March, Day: 2},
		`"2024-02-29"`: {Year: 2024, Month: time.February, Day: 29}, // a leap year
		`"2000-02-29"`: {Year: 2000, Month: time.February, Day: 29}, // one by the rule of 400
		`"1969-12-31"`: {Year: 1969, Month: time.December, Day: 31},
		`"0001-01-01"`: {Year: 1, Month: time.January, Day: 1}, // the zero time.Time, and no zero Date
		`"0000-01-01"`: {Year: 0, Month: time.January, Day: 1},
		`"9999-12-31"`: {Year: 9999, Month: time.December, Day: 31},
	} {
		var theirs types.Date
		require.NoError(t, stdjson.Unmarshal([]byte(wire), &theirs))
		require.Equal(t, want, gen.DateOf(theirs.Time), wire)
		require.True(t, want.Time(time.UTC).Equal(theirs.Time), wire)
		require.Equal(t, want.String(), theirs.String())

		var v1, v2 gen.Date
		require.NoError(t, stdjson.Unmarshal([]byte(wire), &v1))
		require.NoError(t, json.Unmarshal([]byte(wire), &v2))
		require.Equal(t, want, v1)
		require.Equal(t, want, v2)
		for _, encode := range []func() ([]byte, error){
			func() ([]byte, error) { return stdjson.Marshal(want) },
			func() ([]byte, error) { return json.Marshal(want) },
			func() ([]byte, error) { return stdjson.Marshal(theirs) },
		} {
			have, err := encode()
			require.NoError(t, err)
			require.Equal(t, wire, string(have))
		}
	}
}

func TestDatesThatAreRefused(t *testing.T) {
	for _, wire := range []string{
		`"2026-02-29"`, `"1900-02-29"`, `"2026-04-31"`, `"2026-13-01"`, `"2026-00-01"`, `"2026-01-00"`, // not in the calendar
		`"2026-3-2"`, `"02.03.2026"`, `"20260302"`, `"2026-03-02T00:00:00Z"`, `"2026-03-02 "`, `"12026-03-02"`, `"today"`, `20260302`, `{}`,
	} {
		var theirs types.Date
		require.Error(t, stdjson.Unmarshal([]byte(wire), &theirs), wire)
		var d gen.Date
		require.Error(t, stdjson.Unmarshal([]byte(wire), &d), wire)
		require.Error(t, json.Unmarshal([]byte(wire), &d), wire)
		require.Zero(t, d, wire)
	}
	require.EqualError(t, new(gen.Date).UnmarshalText([]byte("1990-secret")), "wire.Date: expected YYYY-MM-DD", "a date of birth is personal")
}

func TestDatesThatAreNotSent(t *testing.T) {
	for _, d := range []gen.Date{
		{Year: 2026, Month: time.February, Day: 29},
		{Year: 2026, Month: time.April, Day: 31},
		{Year: 2026, Month: 13, Day: 1},
		{Year: 2026}, {Month: time.May, Day: 1, Year: -1}, {Year: 2026, Month: time.May},
		{Year: 10000, Month: time.January, Day: 1}, // would be sent as five digits, which no reader takes
	} {
		_, err := json.Marshal(d)
		require.ErrorContains(t, err, "not in the calendar", d)
		_, err = stdjson.Marshal(gen.LinkTokenCreateRequestStatements{StartDate: d})
		require.ErrorContains(t, err, "not in the calendar", d)
	}
}

func TestZeroDate(t *testing.T) {
	require.Empty(t, gen.Date{}.String())

	optional, err := json.Marshal(gen.SandboxPublicTokenCreateRequestOptionsTransactions{})
	require.NoError(t, err)
	require.Equal(t, `{}`, string(optional), "left out where it is optional")

	for _, wire := range []string{`{"start_date":null}`, `{"start_date":""}`, `{}`} {
		had := gen.SandboxPublicTokenCreateRequestOptionsTransactions{}
		require.NoError(t, stdjson.Unmarshal([]byte(wire), &had), wire)
		require.Zero(t, had.StartDate, wire)
		require.NoError(t, json.Unmarshal([]byte(wire), &had), wire)
		require.Zero(t, had.StartDate, wire)
	}
	had := gen.SandboxPublicTokenCreateRequestOptionsTransactions{StartDate: gen.Date{Year: 2026, Month: time.May, Day: 1}}
	require.NoError(t, stdjson.Unmarshal([]byte(`{"start_date":null}`), &had))
	require.Zero(t, had.StartDate, "null overwrites")
}

// The day of a time is that of its own zone, not of UTC.
func TestDateOf(t *testing.T) {
	tokyo := time.FixedZone("JST", 9*60*60)
	late := time.Date(2026, time.March, 2, 23, 30, 0, 0, time.UTC)
	require.Equal(t, gen.Date{Year: 2026, Month: time.March, Day: 2}, gen.DateOf(late))
	require.Equal(t, gen.Date{Year: 2026, Month: time.March, Day: 3}, gen.DateOf(late.In(tokyo)))

	start := gen.Date{Year: 2026, Month: time.March, Day: 3}.Time(tokyo)
	require.Equal(t, time.Date(2026, time.March, 3, 0, 0, 0, 0, tokyo), start)
	require.Equal(t, "2026-03-03", gen.DateOf(start).String())
}
