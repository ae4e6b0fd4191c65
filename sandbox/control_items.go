package sandbox

import "time"

// itemRequest names an Item, and what happens to it.
type itemRequest struct {
	ItemID    string `json:"item_id"`
	At        string `json:"at"`         // of a revocation: plaid or bank
	AccountID string `json:"account_id"` // of the revocation of an account
	Seconds   int64  `json:"seconds"`    // until consent ends
}

// onItem is a control by which something happens to an Item.
func onItem(do func(*Sandbox, itemRequest) error) control {
	return decoded(func(s *Sandbox, req itemRequest) (map[string]any, error) { return nil, do(s, req) })
}

func requireLoginByControl(s *Sandbox, req itemRequest) error { return s.RequireLogin(req.ItemID) }

func repairByControl(s *Sandbox, req itemRequest) error { return s.RepairElsewhere(req.ItemID) }

func endConsentByControl(s *Sandbox, req itemRequest) error {
	left, err := duration("seconds", req.Seconds, time.Second, 0)
	if err == nil {
		err = s.SetConsentExpiration(req.ItemID, s.Now().Add(left))
	}
	return err
}

func revokeByControl(s *Sandbox, req itemRequest) error {
	switch req.At {
	case "plaid":
		return s.RevokeAtPlaid(req.ItemID)
	case "bank":
		return s.RevokeAtBank(req.ItemID)
	}
	return invalidField("at must be plaid or bank")
}

func revokeAccountByControl(s *Sandbox, req itemRequest) error {
	return s.RevokeAccount(req.ItemID, req.AccountID)
}
