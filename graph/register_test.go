package graph_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

// TestRegistered: every layer, loss, optimizer and metric of this module is registered.
func TestRegistered(t *testing.T) {
	names := graph.Registered()
	for folder, method := range map[string]string{"layers": "Emit", "losses": "Loss", "optimizers": "Update32", "metrics": "Score"} {
		for _, name := range typesWith(t, filepath.Join("..", folder), method) {
			if name != "Lambda" { // a function, which files cannot store
				require.Contains(t, names, folder+"."+name)
			}
		}
	}
}

// typesWith returns the exported types of the package in a folder that have the given method.
func typesWith(t *testing.T, folder, method string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(folder, e.Name()), nil, 0)
		require.NoError(t, err)
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || fn.Name.Name != method {
				continue
			}
			receiver := fn.Recv.List[0].Type
			if star, ok := receiver.(*ast.StarExpr); ok {
				receiver = star.X
			}
			if id, ok := receiver.(*ast.Ident); ok && id.IsExported() {
				names = append(names, id.Name)
			}
		}
	}
	require.NotEmpty(t, names)
	return names
}
