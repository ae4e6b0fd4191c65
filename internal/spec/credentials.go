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
	isCredential := func(key string, _ *yaml.Node) bool { return slices.Contains(credentials, key) }
	eachOperation(doc, func(_, _ string, op *yaml.Node) {
		media := get(op, "requestBody", "content", "application/json")
		remove(get(media, "example"), isCredential)
		members(get(media, "examples"), func(_ string, example *yaml.Node) { remove(get(example, "value"), isCredential) })

		schema := resolve(doc, get(media, "schema"))
		remove(get(schema, "properties"), isCredential)
		required := get(schema, "required")
		if required == nil {
			return
		}
		required.Content = slices.DeleteFunc(required.Content, func(name *yaml.Node) bool {
			return slices.Contains(credentials, name.Value)
		})
		if len(required.Content) == 0 {
			remove(schema, func(key string, _ *yaml.Node) bool { return key == "required" })
		}
	})
}
