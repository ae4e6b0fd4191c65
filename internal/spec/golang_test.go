package spec_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/spec"
)

// The document for the generator has comments for descriptions, describes what each type is used for, and has no schema that
// would become a type that only names another.
func TestFormForGo(t *testing.T) {
	document := `openapi: 3.0.3
paths:
  /thing/get:
    post:
      operationId: thingGet
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/ThingGetRequest'}}}
      responses:
        '200': {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
        default: {content: {application/json: {schema: {$ref: '#/components/schemas/Failure'}}}}
components:
  schemas:
    ThingGetRequest: {type: object, description: 'ThingGetRequest defines the request schema for ` + "`/thing/get`" + `', properties: {id: {$ref: '#/components/schemas/ID'}}}
    Thing:
      type: object
      description: A thing.
      properties:
        id: {$ref: '#/components/schemas/ID'}
        colors: {$ref: '#/components/schemas/Colors'}
        failure: {$ref: '#/components/schemas/Failure'}
        state: {type: string, enum: [new], deprecated: true}
    Failure: {type: object, description: What failed., properties: {color: {$ref: '#/components/schemas/Color'}}}
    ID: {type: string, description: '**Stable** id', example: a}
    Colors: {type: array, description: 'Colors, ` + "`red`" + ` first', items: {$ref: '#/components/schemas/Color'}}
    Color: {type: string, enum: [red], description: Color}
    ThingWebhook: {type: object, properties: {thing: {$ref: '#/components/schemas/Thing'}}}
    Lost: {type: string, enum: [a]}
`
	overlay := spec.Source{Name: "go.yaml", Data: []byte("overlay: 1.1.0\ninfo: {title: Go, version: '1'}\nactions:\n  - target: $.components.schemas.ID\n    update: {x-go-type: ID}\n")}
	out, err := spec.ForGo([]byte(document), overlay)
	require.NoError(t, err)
	again, err := spec.ForGo([]byte(document), overlay)
	require.NoError(t, err)
	require.Equal(t, string(out), string(again))
	_, schemas, _ := strings.Cut(string(out), "\n  schemas:\n")
	const id = `id: {type: string, description: // Stable id., example: a, x-go-type: ID}`
	require.Equal(t, `    ThingGetRequest: {type: object, description: "", properties: {`+id+`}, x-go-use: {as: the request of, of: thingGet, call: true, more: false, apart: false}}
    Thing:
      type: object
      description: // A thing.
      properties:
        `+id+`
        colors: {type: array, description: '// Colors, red first.', items: {$ref: '#/components/schemas/Color'}}
        failure: {$ref: '#/components/schemas/Failure'}
        state: {type: string, enum: [new], deprecated: true, description: "// Plaid does not describe it.\n//\n// Deprecated: Plaid has deprecated it.", x-go-use: {as: used in, of: Thing, call: false, more: false, apart: true}}
      x-go-use:
        as: the response of
        of: thingGet
        call: true
        more: false
        apart: false
    Failure: {type: object, description: // What failed., properties: {color: {$ref: '#/components/schemas/Color'}}, x-go-use: {as: the response to a call that fails, of: "", call: false, more: false, apart: false}}
    Color: {type: string, enum: [red], description: // Color., x-go-use: {as: used in, of: Thing, call: false, more: true, apart: false}}
    ThingWebhook: {type: object, properties: {thing: {$ref: '#/components/schemas/Thing'}}, description: // Plaid does not describe it., x-go-use: {as: the body of a webhook, of: "", call: false, more: false, apart: false}}
    Lost: {type: string, enum: [a], description: // Plaid does not describe it., x-go-use: {as: part of the specification, of: "", call: false, more: false, apart: false}}
`, schemas)

	overlay.Data = []byte(strings.Replace(string(overlay.Data), "schemas.ID", "schemas.Id", 1))
	_, err = spec.ForGo([]byte(document), overlay)
	requireProblems(t, []spec.Problem{{Kind: spec.NoTarget, Place: "go.yaml:4", Text: `"$.components.schemas.Id" matches nothing`}}, err)
	_, err = spec.ForGo(nil, overlay)
	requireProblems(t, []spec.Problem{{Kind: spec.Malformed, Place: "the composed document", Text: "expected a YAML mapping"}}, err)
}
