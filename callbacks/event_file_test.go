package callbacks

import (
	"os"
	"path/filepath"
	"testing"
)

// TestContinueEventFile continues a file if it is in the folder and long enough. Otherwise a new file is created, and the named
// file does not change.
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
		why   string
		name  string
		size  int64
		again bool
	}{
		{"whole", name, size, true},
		{"truncated", name, size - 1, true},
		{"too short", name, size, false},
		{"empty", name, 0, false},
		{"negative", name, -1, false},
		{"outside the folder", outside, 1, false},
		{"not an event file", "notes", 1, false},
		{"missing", eventName + "gone", 1, false},
		{"no name", "", 1, false},
	} {
		t.Run(c.why, func(t *testing.T) {
			f, err := continueEventFile(dir, c.name, c.size)
			if err != nil {
				t.Fatal(err)
			}
			if again := filepath.Base(f.Name()) == name; again != c.again {
				t.Errorf("got file %s", f.Name())
			}
			if got, err := f.size(); c.again && (got != c.size || err != nil) {
				t.Errorf("got size %d, %v, want %d", got, err, c.size)
			}
			if err := f.close(); err != nil {
				t.Error(err)
			}
		})
	}
	for _, other := range []string{outside, "notes"} {
		if info, err := os.Stat(filepath.Join(dir, other)); err != nil || info.Size() != 100 {
			t.Errorf("%s: got %v, %v", other, info, err)
		}
	}
}
