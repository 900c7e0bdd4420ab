// Package codetest checks the programs that panes show.
package codetest

import (
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Check compiles programs, all at once, and checks that they are formatted as by gofmt and that go vet does not complain. The
// packages get another name than main, so that they are not linked.
func Check(t *testing.T, programs ...string) {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/nndiy/nndiy").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := strings.TrimSpace(string(out))
	dir := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(dir, name)
		err := os.MkdirAll(filepath.Dir(path), 0o777)
		if err == nil {
			err = os.WriteFile(path, []byte(text), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	// The programs are a module of their own that requires what this one does, so that the Go tool reads them from the test's directory.
	for _, name := range []string{"go.mod", "go.sum"} {
		b, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		if name == "go.mod" {
			text = strings.Replace(text, "module github.com/nndiy/nndiy", "module shown", 1)
			text += fmt.Sprintf("\nrequire github.com/nndiy/nndiy v0.0.0\n\nreplace github.com/nndiy/nndiy => %q\n", root)
		}
		write(name, text)
	}
	for i, p := range programs {
		if f, err := format.Source([]byte(p)); err != nil || string(f) != p {
			t.Errorf("program %d: got code that gofmt changes (%v):\n%s", i, err, p)
		}
		write(fmt.Sprintf("program%d/main.go", i), strings.Replace(p, "package main", "package shown", 1))
	}
	for _, tool := range []string{"build", "vet"} {
		c := exec.Command("go", tool, "./...")
		c.Dir, c.Env = dir, append(os.Environ(), "GOWORK=off")
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("go %s: %v\n%s", tool, err, out)
		}
	}
}
