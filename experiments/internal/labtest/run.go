package labtest

import (
	"bytes"
	"encoding/json"
	"image/png"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A Program is an experiment: its arguments without the name, what it prints, and its exit status.
type Program func(args []string, stdout, stderr io.Writer) int

// Small are the flags of a fast run, and a folder for its results, with other flags behind them.
func Small(t *testing.T, more ...string) (args []string, out string) {
	out = filepath.Join(t.TempDir(), "out")
	return append([]string{"-train", "500", "-valid", "100", "-epochs", "2", "-json", "-out", out}, more...), out
}

// Run runs the program, which has to go well, and returns its output and the JSON in the last line of it.
func (p Program) Run(t *testing.T, args []string) (stdout string, last map[string]any) {
	t.Helper()
	var o, e bytes.Buffer
	if status := p(args, &o, &e); status != 0 || e.Len() > 0 {
		t.Fatalf("%v: status %d, stderr %s", args, status, &e)
	}
	lines := strings.Split(strings.TrimSuffix(o.String(), "\n"), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
		t.Fatalf("%v: last line %q: %v", args, lines[len(lines)-1], err)
	}
	return o.String(), last
}

// Reject runs the program with flags that it is to reject: with status 2 and one line, and without training.
func (p Program) Reject(t *testing.T, args ...string) {
	t.Helper()
	var o, e bytes.Buffer
	if status := p(args, &o, &e); status != 2 || strings.Count(e.String(), "\n") != 1 || strings.Contains(o.String(), "epoch") {
		t.Errorf("%q: status %d, stderr %q, stdout %q; want 2, one line, no training", args, status, &e, &o)
	}
}

// Same runs the program twice, and compares the files and the JSON but for what tells of time. It returns the first run's.
func (p Program) Same(t *testing.T, files []string, flags ...string) (stdout, out string, last map[string]any) {
	t.Helper()
	args, out := Small(t, flags...)
	stdout, last = p.Run(t, args)
	again, other := Small(t, flags...)
	_, second := p.Run(t, again)
	if a, b := withoutTime(t, last), withoutTime(t, second); a != b {
		t.Errorf("two runs of one seed differ:\n%v\n%v", a, b)
	}
	for _, name := range files {
		a, b := Read(t, out, name), Read(t, other, name)
		if len(a) == 0 || !bytes.Equal(a, b) {
			t.Errorf("%s: %d and %d bytes, want the same of one seed", name, len(a), len(b))
		}
		if filepath.Ext(name) != ".png" {
			continue
		}
		if m, err := png.Decode(bytes.NewReader(a)); err != nil || m.Bounds().Dx() < 250 || m.Bounds().Dy() < 150 {
			t.Errorf("%s: %v, or too small", name, err)
		}
	}
	return stdout, out, last
}

// withoutTime returns the results as text, without what a rerun may change.
func withoutTime(t *testing.T, m map[string]any) string {
	m = maps.Clone(m)
	maps.DeleteFunc(m, func(name string, _ any) bool {
		return strings.HasSuffix(name, "seconds") || strings.HasSuffix(name, "samples_s")
	})
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Keys returns the names in an object of JSON, in order.
func Keys(object any) []string { return slices.Sorted(maps.Keys(object.(map[string]any))) }

// Read returns a file of a folder.
func Read(t *testing.T, folder, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
