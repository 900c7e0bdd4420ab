package arrows

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nndiy/nndiy/graph"

	_ "github.com/nndiy/nndiy/layers"
	_ "github.com/nndiy/nndiy/losses"
	_ "github.com/nndiy/nndiy/metrics"
	_ "github.com/nndiy/nndiy/optimizers"
)

// TestRegistered: every layer, loss, optimizer and metric is registered for files. A method identifies these types.
func TestRegistered(t *testing.T) {
	known := graph.Registered()
	for room, method := range map[string]string{"layers": "Emit", "losses": "Loss", "optimizers": "Update32", "metrics": "Score"} {
		paths, err := filepath.Glob(filepath.Join("..", "..", room, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok || f.Recv == nil || f.Name.Name != method {
					continue
				}
				receiver := f.Recv.List[0].Type
				if star, ok := receiver.(*ast.StarExpr); ok {
					receiver = star.X
				}
				name := receiver.(*ast.Ident).Name
				if !ast.IsExported(name) || name == "Lambda" { // a function, which a file cannot store
					continue
				}
				if found++; !slices.Contains(known, room+"."+name) {
					t.Errorf("%s.%s: got no name in files, want a call of graph.Register", room, name)
				}
			}
		}
		if found < 5 {
			t.Errorf("%s: got %d types with a method %s, want 5 or more", room, found, method)
		}
	}
}
