package bank

import "slices"

// Institutions that treat connections in ways of their own.
const (
	chase = "ins_56"
	PNC   = "ins_13"
	usb   = "ins_127990"
	oauth = "ins_127287"
)

// AllowsOne reports whether an institution lets one connection of a login live at a time.
func AllowsOne(id string) bool { return id == chase || id == PNC }

// Persistent reports whether the accounts of an institution have an id that every connection shares.
func Persistent(id string) bool { return slices.Contains([]string{chase, PNC, usb, oauth}, id) }
