// Package codetest checks the programs that panes show.
package codetest

import (
	"encoding/json"
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
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/nndiy/nndiy").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	overlay := struct{ Replace map[string]string }{map[string]string{}} // files that exist for the Go tool only
	args := []string{"build", "-overlay=" + filepath.Join(dir, "overlay.json")}
	for i, p := range programs {
		if f, err := format.Source([]byte(p)); err != nil || string(f) != p {
			t.Errorf("program %d: got code that gofmt changes (%v):\n%s", i, err, p)
		}
		path := filepath.Join(dir, fmt.Sprintf("%d.go", i))
		if err := os.WriteFile(path, []byte(strings.Replace(p, "package main", "package shown", 1)), 0o666); err != nil {
			t.Fatal(err)
		}
		at := fmt.Sprintf("experiments/playground/shown%d", i)
		overlay.Replace[filepath.Join(strings.TrimSpace(string(root)), at, "main.go")] = path
		args = append(args, "github.com/nndiy/nndiy/"+at)
	}
	b, err := json.Marshal(overlay)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "overlay.json"), b, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		t.Errorf("go build: %v\n%s", err, out)
	}
	for i := range programs { // go vet knows no files that exist for the Go tool only
		if out, err := exec.Command("go", "vet", filepath.Join(dir, fmt.Sprintf("%d.go", i))).CombinedOutput(); err != nil {
			t.Errorf("go vet: %v\n%s", err, out)
		}
	}
}
