package wire

import (
	"fmt"
	"time"
)

// Date is a calendar day, sent as YYYY-MM-DD. Its zero value is not a day: it is left out where it is optional.
type Date struct {
	Year  int        // such as 2026
	Month time.Month // from 1
	Day   int        // of the month, from 1
}

// DateOf is the day of t in its own time zone.
func DateOf(t time.Time) Date {
	var d Date
	d.Year, d.Month, d.Day = t.Date()
	return d
}

// Time is the start of the day in a time zone.
func (d Date) Time(loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
}

// String is the day as YYYY-MM-DD, or empty for the zero value.
func (d Date) String() string {
	if d == (Date{}) {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// MarshalText writes YYYY-MM-DD, and refuses a day that is not in the calendar, or whose year has not four digits.
func (d Date) MarshalText() ([]byte, error) {
	if d != (Date{}) && (d.Year < 0 || d.Year > 9999 || DateOf(d.Time(time.UTC)) != d) {
		return nil, fmt.Errorf("wire.Date: %s is not in the calendar", d)
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads YYYY-MM-DD; an empty text is the zero value.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	t, err := time.Parse(time.DateOnly, string(text))
	if err != nil {
		return fmt.Errorf("wire.Date: expected YYYY-MM-DD")
	}
	*d = DateOf(t)
	return nil
}
