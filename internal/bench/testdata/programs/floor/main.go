// Command floor makes a link token with net/http.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"runtime"
)

func main() {
	body, err := json.Marshal(map[string]any{
		"client_name": "Example App", "language": "en", "country_codes": []string{"US"},
		"user": map[string]string{"client_user_id": "user-123"}, "products": []string{"auth"},
	})
	if err != nil {
		panic(err)
	}
	req, err := http.NewRequest(http.MethodPost, "https://sandbox.plaid.com/link/token/create", bytes.NewReader(body))
	if err != nil {
		panic(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("PLAID-CLIENT-ID", "id")
	req.Header.Set("PLAID-SECRET", "secret")
	req.Header.Set("Plaid-Version", "2020-09-14")
	if len(os.Args) == 1 {
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		fmt.Println(memory.Sys) // of the system, at the start
		return
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		panic(err)
	}
	defer resp.Body.Close()
	var created struct {
		LinkToken string `json:"link_token"`
	}
	fmt.Println(json.NewDecoder(resp.Body).Decode(&created), created.LinkToken)
}
