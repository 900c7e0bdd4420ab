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
	module, err := exec.Command("go", "list", "-m", "-f", "{{.GoVersion}} {{.Dir}}", "github.com/nndiy/nndiy").Output()
	if err != nil {
		t.Fatal(err)
	}
	version, root, _ := strings.Cut(strings.TrimSpace(string(module)), " ")
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
	// The programs are a module in a workspace with this one, so that the Go tool reads them from the test's directory.
	write("go.work", fmt.Sprintf("go %s\n\nuse (\n\t%q\n\t./shown\n)\n", version, root))
	write("shown/go.mod", fmt.Sprintf("module shown\n\ngo %s\n", version))
	for i, p := range programs {
		if f, err := format.Source([]byte(p)); err != nil || string(f) != p {
			t.Errorf("program %d: got code that gofmt changes (%v):\n%s", i, err, p)
		}
		write(fmt.Sprintf("shown/program%d/main.go", i), strings.Replace(p, "package main", "package shown", 1))
	}
	for _, tool := range []string{"build", "vet"} {
		c := exec.Command("go", tool, "./...")
		c.Dir, c.Env = filepath.Join(dir, "shown"), append(os.Environ(), "GOWORK="+filepath.Join(dir, "go.work"))
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("go %s: %v\n%s", tool, err, out)
		}
	}
}
