package jsonerr_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/jsonerr"
)

func TestExplain(t *testing.T) {
	type target struct {
		Count int `json:"count"`
		List  []struct {
			Name string `json:"name"`
		} `json:"list"`
	}
	for name, c := range map[string]struct {
		body string
		kind jsonerr.Kind
		want string
	}{
		"a value of another type":  {`{"list":[{"name":"a"},{"name":7}]}`, jsonerr.WrongType, `at "/list/1/name": a JSON number does not fit string`},
		"a number beyond its type": {`{"count":1e400}`, jsonerr.WrongType, `at "/count": a JSON number does not fit int`},
		"the document as a whole":  {`[]`, jsonerr.WrongType, `at "": a JSON array does not fit jsonerr_test.target`},
		"a name twice":             {`{"count":1,"count":2}`, jsonerr.DuplicateName, `at "/count", byte 11: a name appears twice`},
		"an unknown name":          {`{"list":[{"secret-1":1}]}`, jsonerr.UnknownName, `at "/list/0/****": the name is unknown`},
		"a half":                   {`{"count":`, jsonerr.Syntax, `at "/count", byte 9: not valid JSON`},
		"no UTF-8":                 {"{\"list\":[{\"name\":\"\xff\"}]}", jsonerr.Syntax, `at "/list/0/name", byte 18: not valid JSON`},
		"nothing":                  {``, jsonerr.Syntax, `at "", byte 0: not valid JSON`},
	} {
		t.Run(name, func(t *testing.T) {
			err := json.Unmarshal([]byte(c.body), new(target), json.RejectUnknownMembers(true))
			require.Error(t, err)
			got := jsonerr.Explain(err, func(s string) string { return strings.ReplaceAll(s, "secret-1", "****") })
			require.Equal(t, c.want, got.String())
			require.Equal(t, c.kind, got.Kind)
		})
	}
	require.Equal(t, "not valid JSON", jsonerr.Explain(errors.New("another error"), nil).String())
}

// The document chooses how long a pointer is: masking sees 4 KiB of it, and the text has 200 bytes.
func TestExplainBoundsThePointer(t *testing.T) {
	err := json.Unmarshal([]byte(`{"`+strings.Repeat("x", 1<<20)+`":{"a":1,"a":2}}`), new(any))
	masked := 0
	got := jsonerr.Explain(err, func(s string) string { masked = len(s); return s })
	require.Equal(t, 4<<10, masked)
	require.Less(t, len(got.String()), 300)
	require.Greater(t, len(jsonerr.Explain(err, nil).Pointer), 1<<20)
}
