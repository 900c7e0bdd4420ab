package datasets_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestJobs counts the lines within each of the examples of jobs_test.go: a job takes at most 15 lines of the user's own.
func TestJobs(t *testing.T) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "jobs_test.go", nil, parser.ParseComments)
	require.NoError(t, err)
	jobs := 0
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || !strings.HasPrefix(f.Name.Name, "Example_job") {
			continue
		}
		jobs++
		lines := set.Position(f.Body.Rbrace).Line - set.Position(f.Body.Lbrace).Line - 1
		for _, group := range file.Comments { // the expected output is not the user's
			if group.Pos() > f.Body.Lbrace && group.End() < f.Body.Rbrace {
				lines -= len(group.List)
			}
		}
		assert.LessOrEqual(t, lines, 15, f.Name.Name)
		assert.Greater(t, lines, 5, f.Name.Name)
	}
	assert.Equal(t, 10, jobs)
}

// plain returns a picture of one colour.
func plain(c color.RGBA) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 12, 10))
	for k := range 120 {
		m.Set(k%12, k/12, c)
	}
	return m
}

// drawFolder writes 20 pictures of two classes, red and blue, and returns their folder.
func drawFolder() string {
	dir := must(os.MkdirTemp("", "pictures-*"))
	for i := range 20 {
		c, name := color.RGBA{200, 0, uint8(5 * i), 255}, "red"
		if i%2 == 1 {
			c, name = color.RGBA{uint8(5 * i), 0, 200, 255}, "blue"
		}
		must(0, os.MkdirAll(filepath.Join(dir, name), 0o777))
		f := must(os.Create(filepath.Join(dir, name, fmt.Sprint(i, ".png"))))
		must(0, png.Encode(f, plain(c)))
		must(0, f.Close())
	}
	return dir
}
