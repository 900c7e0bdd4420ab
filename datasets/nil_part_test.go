package datasets

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

// TestNilParts: a data set around none, or around a nil pointer, has a length other than 0, so that Fit calls Batches, which returns
// an error that names the field.
func TestNilParts(t *testing.T) {
	same := func(b graph.Batch, _ *rand.Rand) (graph.Batch, error) { return b, nil }
	tested := map[string]bool{}
	for _, from := range []graph.Dataset{nil, (*Cache)(nil), (*PictureSet)(nil), (*WindowSet)(nil), (*graph.Arrays)(nil), (*Rows)(nil), (*Shuffle)(nil)} {
		indexed, _ := from.(Indexed)
		sets := []graph.Dataset{
			&Cache{From: from}, Concat{numbered(0, 2), from}, CutMix{From: from, Classes: 2},
			Filter{From: from, Keep: func(graph.Batch, int) bool { return true }}, Map{From: from, Func: same},
			MixUp{From: from, Classes: 2}, PixelNoise{Clean: from}, Prefetch{From: from}, Shuffle{From: from}, Take{From: from, N: 1},
		}
		if from == nil || indexed != nil {
			sets = append(sets, Rows{From: indexed, Index: []int{0}}, Weighted{From: indexed, Weight: []float64{1}}, Weighted{From: indexed, N: 1})
		}
		for _, d := range sets {
			name := reflect.Indirect(reflect.ValueOf(d)).Type().Name()
			tested[name] = true
			t.Run(fmt.Sprintf("%s of %T", name, from), func(t *testing.T) {
				require.NotZero(t, d.Len())
				if s, ok := d.(graph.StepCounter); ok {
					s.Steps(2)
				}
				if r, ok := d.(Indexed); ok {
					_, err := r.Rows([]int{0})
					require.ErrorContains(t, err, "got nil, want a data set")
				}
				for _, rng := range []*rand.Rand{nil, generator()} {
					for _, err := range d.Batches(2, rng) {
						require.ErrorContains(t, err, "datasets: "+name)
						require.ErrorContains(t, err, "got nil, want a data set")
					}
				}
				if p, ok := d.(graph.PartDataset); ok {
					for _, err := range p.Parts(2, nil, func(rows int) (from, to int) { return 0, rows }) {
						require.ErrorContains(t, err, "got nil, want a data set")
					}
				}
			})
		}
	}
	for _, name := range around(t) {
		require.True(t, tested[name], "%s has a data set in it, and no row here", name)
	}
}

// around returns the exported structs that have a field for a data set.
func around(t *testing.T) (names []string) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || !spec.Name.IsExported() {
				return true
			}
			if s, ok := spec.Type.(*ast.StructType); ok {
				for _, field := range s.Fields.List {
					id, _ := field.Type.(*ast.Ident)
					sel, _ := field.Type.(*ast.SelectorExpr)
					if id != nil && id.Name == "Indexed" || sel != nil && sel.Sel.Name == "Dataset" {
						names = append(names, spec.Name.Name)
					}
				}
			}
			return true
		})
	}
	require.NotEmpty(t, names)
	return names
}
