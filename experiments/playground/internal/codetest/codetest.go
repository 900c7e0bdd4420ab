// Package codetest compiles the programs that panes show.
package codetest

import (
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Compile fails the test if one of the programs, by name, does not compile, is not formatted, or go vet complains of it.
func Compile(t *testing.T, programs map[string]string) {
	t.Helper()
	for name, text := range programs {
		formatted, err := format.Source([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, text)
		}
		if string(formatted) != text {
			t.Errorf("%s: got a program that gofmt changes:\n%s", name, text)
		}
		file := filepath.Join(t.TempDir(), "main.go")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("go", "vet", file).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s\n%s", name, err, out, text)
		}
	}
}
