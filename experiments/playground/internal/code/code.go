// Package code makes the Go programs that the panes show.
package code

import (
	_ "embed"
	"slices"
	"strings"
)

//go:embed hash.go.txt
var hash string

// Hash is the function hash of a shown program, which returns what the page's corner shows. PrintHash calls it for a model.
var Hash = hash

// PrintHash is the statement that prints the hash of the variable model.
const PrintHash = `fmt.Println("weights", hash(model.Weights()))`

// imports are the packages that a program may use, by what it calls them.
var imports = []struct{ name, path string }{
	{"context", "context"}, {"sha256", "crypto/sha256"}, {"binary", "encoding/binary"}, {"fmt", "fmt"}, {"log", "log"}, {"maps", "maps"},
	{"math", "math"}, {"rand", "math/rand/v2"}, {"slices", "slices"},
	{"", ""},
	{"tensor", "gorgonia.org/tensor"},
	{"", ""},
	{"callbacks", module + "callbacks"}, {"datasets", module + "datasets"}, {"graph", module + "graph"},
	{"layers", module + "layers"}, {"losses", module + "losses"},
	{"metrics", module + "metrics"}, {"optimizers", module + "optimizers"},
}

const module = "github.com/nndiy/nndiy/"

// Program returns a program with the given functions, and imports what they use.
func Program(functions string) string {
	var b strings.Builder
	b.WriteString("package main\n\nimport (\n")
	gap, any := false, false
	for _, im := range imports {
		switch {
		case im.name == "":
			gap = any
		case uses(functions, im.name):
			if gap {
				b.WriteString("\n")
			}
			b.WriteString("\t\"" + im.path + "\"\n")
			gap, any = false, true
		}
	}
	b.WriteString(")\n\n")
	b.WriteString(strings.TrimRight(functions, "\n") + "\n")
	return b.String()
}

// Imports reports whether a program may import a package of a name.
func Imports(name string) bool {
	return slices.ContainsFunc(imports, func(i struct{ name, path string }) bool { return i.name == name })
}

// uses reports whether the code has an identifier of the package.
func uses(code, name string) bool {
	word := func(c byte) bool {
		return c == '_' || c == '.' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
	}
	for at := 0; ; at++ {
		i := strings.Index(code[at:], name+".")
		if i < 0 {
			return false
		}
		if at += i; at == 0 || !word(code[at-1]) {
			return true
		}
	}
}

// Func returns a function of a source file, with its comment and an empty line at the end; "" if there is none.
func Func(source, name string) string {
	lines := strings.Split(source, "\n")
	at := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "func "+name+"(") })
	if at < 0 {
		return ""
	}
	end := at + slices.Index(lines[at:], "}")
	for at > 0 && strings.HasPrefix(lines[at-1], "//") {
		at--
	}
	return strings.Join(lines[at:end+1], "\n") + "\n\n"
}
