package spec_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/spec"
)

// A set of sources that composes, with one of everything; tests break it in one place at a time.
const (
	tinyVendored = `# About the whole file.
openapi: 3.0.3
security: []
info:
  title: Tiny/
  version: '1' # quoted
paths:
  # About a path.
  /thing/get:
    post:
      operationId: thingGet
      requestBody:
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/ThingGetRequest'
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Thing'
              examples:
                one:
                  value: {id: t-1, color: red}
  /other:
    post:
      operationId: other
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Other'
components:
  schemas:
    Thing:
      type: object
      properties:
        id:
          type: string # stable
        color:
          $ref: '#/components/schemas/Color'
      required:
        - id
    Other:
      type: string
`
	tinyCompletion = `overlay: 1.1.0
info:
  title: What is missing
  version: '1'
actions:
  - target: $.components.schemas
    update:
      ThingGetRequest:
        type: object
        properties:
          id:
            type: string
          options:
            $ref: '#/components/schemas/Options'
      Options:
        type: object
        properties:
          notify:
            type: string
      Color:
        type: string
        enum:
          - red
          - green
        example: green
      ThingEvent:
        type: object
        properties:
          thing:
            $ref: '#/components/schemas/Thing'
  - target: $.paths
    update:
      /thing/remove:
        post:
          operationId: thingRemove
          responses:
            default:
              description: OK
`
	tinyFixes = `overlay: 1.1.0
info:
  title: What is wrong
  version: '1'
actions:
  - target: $.info
    update:
      title: Tiny
  - target: $.paths['/thing/get'].post
    update:
      x-plaidlink-retry: conditional
  - target: $.paths['/thing/remove'].post
    update:
      x-plaidlink-retry: never
`
	tinyScope = `operations:
  - thingGet
  - thingRemove
schemas:
  - ThingEvent
`
	tinyGoTypes = `overlay: 1.1.0
info:
  title: Go
  version: '1'
actions:
  - target: $.components.schemas.Thing.properties.id
    update:
      x-go-name: ID
`
)

func tiny() spec.Sources {
	return spec.Sources{
		Vendored:   spec.Source{Name: "vendored.yml", Data: []byte(tinyVendored)},
		Completion: spec.Source{Name: "completion.yaml", Data: []byte(tinyCompletion)},
		Fixes:      spec.Source{Name: "fixes.yaml", Data: []byte(tinyFixes)},
		Scope:      spec.Source{Name: "scope.yaml", Data: []byte(tinyScope)},
		GoTypes:    spec.Source{Name: "go.yaml", Data: []byte(tinyGoTypes)},
	}
}

// edit replaces a text that appears once in a source.
func edit(t *testing.T, src *spec.Source, old, new string) {
	t.Helper()
	require.Equal(t, 1, strings.Count(string(src.Data), old), "%q in %s", old, src.Name)
	src.Data = []byte(strings.Replace(string(src.Data), old, new, 1))
}

func compose(t *testing.T, in spec.Sources) string {
	t.Helper()
	result, err := spec.Compose(in)
	require.NoError(t, err)
	return string(result)
}

const root = "../.." // of the repository

func committed(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, name))
	require.NoError(t, err)
	return data
}

// current is what api/openapi.yaml is composed from.
func current(t *testing.T) spec.Sources { return sources(t, "api/") }

// plaid is the same as of version 1.517.0. It stays as it is, so that the tests that change it do not follow every version.
func plaid(t *testing.T) spec.Sources { return sources(t, "internal/spec/testdata/1.517.0/") }

func sources(t *testing.T, folder string) spec.Sources {
	t.Helper()
	source := func(name string) spec.Source {
		return spec.Source{Name: "api/" + name, Data: committed(t, folder+name)}
	}
	return spec.Sources{
		Vendored:   source("plaid-link--openapi-original.yml"),
		Completion: source("completion.yaml"),
		Fixes:      source("fixes.yaml"),
		Scope:      source("scope.yaml"),
		GoTypes:    source("go.yaml"),
	}
}
