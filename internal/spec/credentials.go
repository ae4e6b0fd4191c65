package spec

import (
	"slices"

	"gopkg.in/yaml.v3"
)

// credentials are the properties by which Plaid also takes the client id and the secret. The SDK sends them as headers, so
// that no request type contains a secret.
var credentials = []string{"client_id", "secret"}

// dropCredentials takes them out of the request bodies and their examples.
func dropCredentials(doc *yaml.Node) {
	eachOperation(doc, func(_, _ string, op *yaml.Node) {
		media := get(op, "requestBody", "content", jsonMedia)
		eachExample(media, func(value *yaml.Node) { drop(value, credentials...) })
		schema := resolve(doc, get(media, "schema"))
		drop(get(schema, "properties"), credentials...)
		only(schema, "required", func(name *yaml.Node) bool { return !slices.Contains(credentials, name.Value) })
	})
}
