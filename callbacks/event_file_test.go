package callbacks

import (
	"os"
	"path/filepath"
	"testing"
)

// TestContinueEventFile: a file is gone on with if it is the folder's own and long enough; else there is another, and the one that
// was named stays as it is.
func TestContinueEventFile(t *testing.T) {
	outer := t.TempDir()
	dir := filepath.Join(outer, "board")
	first, err := newEventFile(dir)
	if err != nil {
		t.Fatal(err)
	}
	size, err := first.size()
	if err != nil {
		t.Fatal(err)
	}
	if err := first.close(); err != nil {
		t.Fatal(err)
	}
	name := filepath.Base(first.Name())
	outside := filepath.Join("..", eventName+"outside")
	for _, other := range []string{outside, "notes"} {
		if err := os.WriteFile(filepath.Join(dir, other), make([]byte, 100), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name  string
		size  int64
		again bool
	}{{name, size, true}, {name, size - 1, true}, {name, size, false}, {name, 0, false}, {name, -1, false}, {outside, 1, false}, {"notes", 1, false}, {eventName + "gone", 1, false}, {"", 1, false}} {
		f, err := continueEventFile(dir, c.name, c.size)
		if err != nil {
			t.Fatalf("%q, %d: %v", c.name, c.size, err)
		}
		if again := filepath.Base(f.Name()) == name; again != c.again {
			t.Errorf("%q, %d: got %s", c.name, c.size, f.Name())
		}
		if got, err := f.size(); c.again && (got != c.size || err != nil) {
			t.Errorf("%q: got size %d, %v, want %d", c.name, got, err, c.size)
		}
		if err := f.close(); err != nil {
			t.Error(err)
		}
	}
	for _, other := range []string{outside, "notes"} {
		if info, err := os.Stat(filepath.Join(dir, other)); err != nil || info.Size() != 100 {
			t.Errorf("%s: got %v, %v", other, info, err)
		}
	}
}
