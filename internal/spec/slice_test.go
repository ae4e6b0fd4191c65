package spec_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/plaidlink/plaidlink-go/internal/spec"
)

// A file in which any one thing is not what it should be gives an error or a document, and never a panic.
func TestFilesWithOneThingWrong(t *testing.T) {
	odd := committed(t, "cmd/plaidgen/testdata/odd.yml")
	var doc yaml.Node
	require.NoError(t, yaml.Unmarshal(odd, &doc))
	var all []*yaml.Node
	var collect func(n *yaml.Node)
	collect = func(n *yaml.Node) {
		all = append(all, n)
		for _, child := range n.Content {
			collect(child)
		}
	}
	collect(doc.Content[0])
	wrong := []string{"null", "1", "''", "[]", "[a, 1]", "{}", "{a: b}", "{$ref: '#/components/schemas/Shop'}", "{allOf: [1, {}]}"}
	refused, taken := 0, 0
	for i, n := range all {
		was, with := *n, wrong[i%len(wrong)]
		var value yaml.Node
		require.NoError(t, yaml.Unmarshal([]byte(with), &value))
		*n = *value.Content[0]
		text, err := yaml.Marshal(&doc)
		*n = was
		if err != nil {
			continue
		}
		require.NotPanics(t, func() {
			if slice(text) == nil {
				taken++
			} else {
				refused++
			}
		}, "line %d: %s", was.Line, with)
	}
	require.Greater(t, refused, 100)
	require.Greater(t, taken, 100)
}

func slice(text []byte) error {
	f, err := spec.ReadFile(spec.Source{Name: "plaid.yml", Data: text})
	if err != nil {
		return err
	}
	var fit []spec.FileOperation
	for _, op := range f.Operations {
		if op.Unfit == "" {
			fit = append(fit, op)
		}
	}
	_, err = f.Slice(fit)
	return err
}

// A file gives the same document however often, and one operation the same as among others.
func TestSliceIsStable(t *testing.T) {
	odd := committed(t, "cmd/plaidgen/testdata/odd.yml")
	of := func(ids ...string) []byte {
		f, err := spec.ReadFile(spec.Source{Name: "plaid.yml", Data: odd})
		require.NoError(t, err)
		var chosen []spec.FileOperation
		for _, op := range f.Operations {
			for _, id := range ids {
				if op.ID == id {
					chosen = append(chosen, op)
				}
			}
		}
		require.Len(t, chosen, len(ids))
		data, err := f.Slice(chosen)
		require.NoError(t, err)
		return data
	}
	require.True(t, bytes.Equal(of("shopGet"), of("shopGet")))
	var alone, among struct {
		Components struct{ Schemas map[string]any }
	}
	require.NoError(t, yaml.Unmarshal(of("shopCreate"), &alone))
	require.NoError(t, yaml.Unmarshal(of("shopCreate", "shopGet", "accountsBalanceGet"), &among))
	require.Len(t, alone.Components.Schemas, 3)
	for name, schema := range alone.Components.Schemas {
		require.Equal(t, schema, among.Components.Schemas[name], name)
	}
}
