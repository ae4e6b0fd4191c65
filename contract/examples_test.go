package contract_test

import (
	"encoding/json"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
)

// Every example of the specification passes, as a request and as a response.
func TestExamplesDoNotDepart(t *testing.T) {
	doc, err := spec()
	require.NoError(t, err)
	for path, item := range doc.Paths.Map() {
		t.Run(item.Post.OperationID, func(t *testing.T) {
			requests := examples(t, item.Post.RequestBody.Value.Content)
			successes := examples(t, item.Post.Responses.Status(200).Value.Content)
			failures := examples(t, item.Post.Responses.Default().Value.Content)
			for _, sent := range requests {
				for status, bodies := range map[int][]string{200: successes, 400: failures} {
					for _, body := range bodies {
						rt, got := watch(t, responding(status, "application/json", body))
						_, err := send(t, rt, request(t, path, sent))
						require.NoError(t, err)
						require.Empty(t, got.lines())
					}
				}
			}
		})
	}
}

func examples(t *testing.T, content openapi3.Content) (bodies []string) {
	for _, example := range content.Get("application/json").Examples {
		body, err := json.Marshal(example.Value.Value)
		require.NoError(t, err)
		bodies = append(bodies, string(body))
	}
	require.NotEmpty(t, bodies)
	return bodies
}
