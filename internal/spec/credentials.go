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
		media := get(op, "requestBody", "content", "application/json")
		drop(get(media, "example"), credentials...)
		members(get(media, "examples"), func(_ string, example *yaml.Node) { drop(get(example, "value"), credentials...) })

		schema := resolve(doc, get(media, "schema"))
		drop(get(schema, "properties"), credentials...)
		if required := get(schema, "required"); required != nil {
			required.Content = slices.DeleteFunc(required.Content, func(name *yaml.Node) bool { return slices.Contains(credentials, name.Value) })
			if len(required.Content) == 0 {
				drop(schema, "required")
			}
		}
	})
}
