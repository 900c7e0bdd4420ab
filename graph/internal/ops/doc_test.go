package ops

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A source lists what the package's files define.
type source struct {
	doc   string
	codes []string          // the constants of type Code
	diff  map[string]string // the file of each type's Diff
	bind  map[string]bool   // the types with a Bind: all Defs
}

func parseSource(t *testing.T) source {
	s := source{diff: map[string]string{}, bind: map[string]bool{}}
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		require.NoError(t, err)
		if f.Doc != nil {
			s.doc += f.Doc.Text()
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				s.method(d, name)
			case *ast.GenDecl:
				s.constants(d)
			}
		}
	}
	return s
}

func (s *source) method(d *ast.FuncDecl, file string) {
	if d.Recv == nil {
		return
	}
	receiver := d.Recv.List[0].Type
	if p, ok := receiver.(*ast.StarExpr); ok {
		receiver = p.X
	}
	name, ok := receiver.(*ast.Ident)
	if !ok {
		return
	}
	switch d.Name.Name {
	case "Diff":
		s.diff[name.Name] = file
	case "Bind":
		s.bind[name.Name] = true
	}
}

// constants adds the exported constants of a declaration that begins with one of type Code.
func (s *source) constants(d *ast.GenDecl) {
	if d.Tok != token.CONST {
		return
	}
	if first, ok := d.Specs[0].(*ast.ValueSpec).Type.(*ast.Ident); !ok || first.Name != "Code" {
		return
	}
	for _, spec := range d.Specs {
		if name := spec.(*ast.ValueSpec).Names[0]; name.IsExported() {
			s.codes = append(s.codes, name.Name)
		}
	}
}

// TestDerivativeTable holds the table of derivative rules in doc.go against the code: every element-wise function and every
// op is there, with the file of its rule, and nothing else is.
func TestDerivativeTable(t *testing.T) {
	s := parseSource(t)
	require.Len(t, s.codes, int(codeCount))
	want := map[string]string{}
	for _, code := range s.codes {
		want[code] = s.diff["Map"]
	}
	late, ok := strings.CutPrefix(regexp.MustCompile(`so they have no rule: [^.]*`).FindString(s.doc), "so they have no rule: ")
	require.True(t, ok)
	lowered := map[string]bool{}
	for _, name := range strings.Split(strings.Join(strings.Fields(late), " "), ", ") {
		require.True(t, s.bind[name], "%s is not an op", name)
		lowered[name] = true
	}
	for name := range s.bind {
		if name != "Map" && !lowered[name] {
			want[name] = s.diff[name]
		}
	}
	got := map[string]string{}
	for _, row := range regexp.MustCompile(`(?m)^\t([A-Z].*?)  +\S.*\s(\S+\.go)$`).FindAllStringSubmatch(s.doc, -1) {
		for _, name := range strings.Split(row[1], ", ") {
			require.Empty(t, got[name], "%s has two rows", name)
			got[name] = row[2]
		}
	}
	require.Equal(t, want, got)
}
