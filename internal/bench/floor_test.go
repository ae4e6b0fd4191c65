package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// floor has only the types that these calls need, and no limits, no retries and no typed errors.
type floor struct {
	base string
	http *http.Client
}

func newFloor(base string, hc *http.Client) client {
	if hc == nil {
		hc = http.DefaultClient
	}
	return &floor{base, hc}
}

type (
	floorCreate struct {
		ClientName   string    `json:"client_name"`
		Language     string    `json:"language"`
		CountryCodes []string  `json:"country_codes"`
		User         floorUser `json:"user"`
		Products     []string  `json:"products,omitempty"`
		Webhook      string    `json:"webhook,omitempty"`
	}
	floorUser struct {
		ClientUserID string `json:"client_user_id"`
	}
	floorCreated struct {
		LinkToken  string    `json:"link_token"`
		Expiration time.Time `json:"expiration"`
		RequestID  string    `json:"request_id"`
	}
	floorGet struct {
		LinkToken string `json:"link_token"`
	}
	floorGot struct {
		LinkToken    string         `json:"link_token"`
		CreatedAt    *time.Time     `json:"created_at"`
		Expiration   *time.Time     `json:"expiration"`
		LinkSessions []floorSession `json:"link_sessions"`
		Metadata     struct {
			ClientName      *string  `json:"client_name"`
			CountryCodes    []string `json:"country_codes"`
			InitialProducts []string `json:"initial_products"`
			Language        *string  `json:"language"`
			RedirectURI     *string  `json:"redirect_uri"`
			Webhook         *string  `json:"webhook"`
		} `json:"metadata"`
		RequestID string `json:"request_id"`
	}
	floorSession struct {
		Events []struct {
			EventID       string `json:"event_id"`
			EventName     string `json:"event_name"`
			EventMetadata struct {
				ErrorCode       string `json:"error_code"`
				ErrorMessage    string `json:"error_message"`
				ErrorType       string `json:"error_type"`
				InstitutionID   string `json:"institution_id"`
				InstitutionName string `json:"institution_name"`
				MFAType         string `json:"mfa_type"`
				RequestID       string `json:"request_id"`
				Selection       string `json:"selection"`
				ViewName        string `json:"view_name"`
			} `json:"event_metadata"`
			Timestamp time.Time `json:"timestamp"`
		} `json:"events"`
		FinishedAt    *time.Time `json:"finished_at"`
		LinkSessionID string     `json:"link_session_id"`
		OnSuccess     *struct {
			Metadata struct {
				Accounts      []floorAccount `json:"accounts"`
				Institution   floorBank      `json:"institution"`
				LinkSessionID string         `json:"link_session_id"`
			} `json:"metadata"`
			PublicToken string `json:"public_token"`
		} `json:"on_success"`
		Results *struct {
			ItemAddResults []struct {
				Accounts    []floorAccount `json:"accounts"`
				Institution floorBank      `json:"institution"`
				PublicToken string         `json:"public_token"`
			} `json:"item_add_results"`
		} `json:"results"`
		StartedAt *time.Time `json:"started_at"`
	}
	floorAccount struct {
		ID                 string  `json:"id"`
		Mask               *string `json:"mask"`
		Name               *string `json:"name"`
		Subtype            string  `json:"subtype"`
		Type               string  `json:"type"`
		VerificationStatus *string `json:"verification_status"`
	}
	floorBank struct {
		InstitutionID string `json:"institution_id"`
		Name          string `json:"name"`
	}
)

func (f *floor) request() floorCreate {
	return floorCreate{
		ClientName: clientName, Language: language, CountryCodes: []string{"US"}, User: floorUser{userID},
		Products: []string{"auth"}, Webhook: webhook,
	}
}

func (f *floor) Create(ctx context.Context) error {
	var created floorCreated
	return f.call(ctx, "/link/token/create", f.request(), &created)
}

func (f *floor) Get(ctx context.Context) error {
	var got floorGot
	return f.call(ctx, "/link/token/get", floorGet{linkToken}, &got)
}

func (f *floor) call(ctx context.Context, path string, request, response any) error {
	data, err := json.Marshal(request)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.base+path, bytes.NewReader(data))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "floor")
	req.Header.Set("PLAID-CLIENT-ID", clientID)
	req.Header.Set("PLAID-SECRET", secret)
	req.Header.Set("Plaid-Version", "2020-09-14")
	resp, err := f.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", resp.StatusCode)
	}
	return json.Unmarshal(body, response)
}

func (f *floor) Encode() ([]byte, error)  { return json.Marshal(f.request()) }
func (f *floor) Decode(data []byte) error { return json.Unmarshal(data, new(floorGot)) }
