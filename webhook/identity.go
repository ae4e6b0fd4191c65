package webhook

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/gen"
)

// occurrence returns what names the one occurrence that the event is about: nothing where its body does not, so that the
// same bytes may be another event.
func (e *Event) occurrence() []string {
	switch p := e.Payload.(type) {
	case *gen.LinkSessionFinishedWebhook:
		return []string{p.LinkSessionID}
	case *gen.ItemAddResultWebhook:
		return []string{p.PublicToken}
	case *gen.LinkEventsWebhook:
		var ids []string
		for _, event := range p.Events {
			ids = append(ids, event.EventID)
		}
		slices.Sort(ids)
		return ids
	}
	if e.Type != "ITEM" || e.Code != "PENDING_EXPIRATION" && e.Code != "PENDING_DISCONNECT" {
		return nil
	}
	var item struct {
		ID          string `json:"item_id"`
		ConsentEnds string `json:"consent_expiration_time"`
		Disconnects string `json:"disconnect_time"`
	}
	if json.Unmarshal(e.Raw, &item, jsontext.AllowInvalidUTF8(true)) != nil {
		return nil
	}
	if e.Code == "PENDING_EXPIRATION" {
		return []string{item.ID, item.ConsentEnds}
	}
	return []string{item.ID, item.Disconnects}
}

// identify sets ID. The names are hashed, because a public token is one of them.
func (e *Event) identify() {
	names := e.occurrence()
	if len(names) == 0 || slices.Contains(names, "") {
		return
	}
	text := make([]byte, 0, 256)
	for _, name := range append([]string{e.Type, e.Code}, names...) {
		text = strconv.AppendQuote(text, name)
	}
	sum := sha256.Sum256(text)
	e.ID = hex.EncodeToString(sum[:])
}
