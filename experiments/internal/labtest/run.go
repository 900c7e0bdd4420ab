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

// A Program is the main function of an experiment. Args do not include the program's name; the result is the exit status.
type Program func(args []string, stdout, stderr io.Writer) int

// Small returns the flags of a fast run, followed by more, and the folder that the run writes to.
func Small(t *testing.T, more ...string) (args []string, out string) {
	out = filepath.Join(t.TempDir(), "out")
	return append([]string{"-train", "500", "-valid", "100", "-epochs", "2", "-json", "-out", out}, more...), out
}

// Run runs the program, which must succeed, and returns its output and the JSON in the last line.
func (p Program) Run(t *testing.T, args []string) (stdout string, last map[string]any) {
	t.Helper()
	var o, e bytes.Buffer
	if status := p(args, &o, &e); status != 0 || e.Len() > 0 {
		t.Fatalf("%v: got status %d, stderr %q, want 0 and none", args, status, &e)
	}
	lines := strings.Split(strings.TrimSuffix(o.String(), "\n"), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
		t.Fatalf("%v: last line %q: %v", args, lines[len(lines)-1], err)
	}
	return o.String(), last
}

// Reject runs the program with bad flags: it must return status 2 and print one line of error, without training.
func (p Program) Reject(t *testing.T, args ...string) {
	t.Helper()
	var o, e bytes.Buffer
	if status := p(args, &o, &e); status != 2 || strings.Count(e.String(), "\n") != 1 || strings.Contains(o.String(), "epoch") {
		t.Errorf("%q: got status %d, stderr %q, stdout %q, want 2, one line, no training", args, status, &e, &o)
	}
}

// RejectPairs runs the program with pairs of flags of which the first has no effect beside the second: each must be rejected, by an
// error that names both. The flags may have values, "-noise=1".
func (p Program) RejectPairs(t *testing.T, pairs ...[2]string) {
	t.Helper()
	for _, pair := range pairs {
		p.Reject(t, pair[:]...)
		var o, e bytes.Buffer
		p(pair[:], &o, &e)
		name := func(flag string) string { before, _, _ := strings.Cut(flag, "="); return before }
		if want := name(pair[0]) + ": got it beside " + name(pair[1]) + ", want one of them\n"; !strings.HasSuffix(e.String(), want) {
			t.Errorf("%q: got stderr %q, want %q", pair, &e, want)
		}
	}
}

// Same runs the program twice: the files and the JSON, except times, must be the same. It returns the results of the first run.
func (p Program) Same(t *testing.T, files []string, flags ...string) (stdout, out string, last map[string]any) {
	t.Helper()
	args, _ := Small(t, flags...)
	return p.Twice(t, files, args...)
}

// Twice is Same with the given flags only, besides -json and -out.
func (p Program) Twice(t *testing.T, files []string, flags ...string) (stdout, out string, last map[string]any) {
	t.Helper()
	out, other := filepath.Join(t.TempDir(), "out"), filepath.Join(t.TempDir(), "out")
	stdout, last = p.Run(t, append(slices.Clone(flags), "-json", "-out", out))
	_, second := p.Run(t, append(slices.Clone(flags), "-json", "-out", other))
	if a, b := withoutTime(t, last), withoutTime(t, second); a != b {
		t.Errorf("got different JSON from two runs with the same seed:\n%v\n%v", a, b)
	}
	for _, name := range files {
		a, b := Read(t, out, name), Read(t, other, name)
		if len(a) == 0 || !bytes.Equal(a, b) {
			t.Errorf("%s: got %d and %d bytes, want the same bytes from the same seed", name, len(a), len(b))
		}
		if filepath.Ext(name) != ".png" {
			continue
		}
		if m, err := png.Decode(bytes.NewReader(a)); err != nil || m.Bounds().Dx() < 250 || m.Bounds().Dy() < 150 {
			t.Errorf("%s: got %v, want an image of 250×150 pixels or more", name, err)
		}
	}
	return stdout, out, last
}

// withoutTime returns the results as JSON, without times and speeds.
func withoutTime(t *testing.T, m map[string]any) string {
	m = maps.Clone(m)
	maps.DeleteFunc(m, func(name string, _ any) bool {
		return strings.HasSuffix(name, "seconds") || strings.HasSuffix(name, "samples_s") || name == "waiting"
	})
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Keys returns the sorted keys of a JSON object.
func Keys(object any) []string { return slices.Sorted(maps.Keys(object.(map[string]any))) }

// Read returns the contents of a file in a folder.
func Read(t *testing.T, folder, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
