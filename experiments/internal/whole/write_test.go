package whole

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// An error leaves the old file as it was, and nothing beside it.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path, failure := filepath.Join(dir, "a"), errors.New("failure")
	for _, c := range []struct {
		text string
		err  error
		want string
	}{{"first", nil, "first"}, {"half", failure, "first"}, {"second", nil, "second"}} {
		err := Write(path, func(w io.Writer) error {
			io.WriteString(w, c.text)
			return c.err
		})
		if !errors.Is(err, c.err) {
			t.Errorf("%s: got the error %v, want %v", c.text, err, c.err)
		}
		if b, err := os.ReadFile(path); err != nil || string(b) != c.want {
			t.Errorf("%s: got %q, %v, want %q", c.text, b, err, c.want)
		}
	}
	if names, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(names) > 0 {
		t.Errorf("left behind: %v, %v", names, err)
	}
	if err := Write(filepath.Join(path, "below"), func(io.Writer) error { return nil }); err == nil {
		t.Error("got no error for a folder that is a file")
	}
}
