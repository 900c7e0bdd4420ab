package lab

import (
	"bytes"
	"strings"
	"testing"
)

// An experiment without some of the flags does not accept them, does not list them, and needs no defaults for them.
func TestWithout(t *testing.T) {
	e := experiment(t, ok)
	e.Without, e.Options.Epochs, e.Options.Patience = []string{"epochs", "patience"}, 0, 0
	for args, want := range map[string]struct {
		status         int
		stdout, stderr string
	}{
		"-json":       {0, `{"answer":42}`, ""},
		"-patience 1": {2, "", "-patience"},
		"-batch 0":    {2, "", "-batch: got 0"},
		"-help":       {0, "-batch", ""},
	} {
		var stdout, stderr bytes.Buffer
		status := e.Main(strings.Fields(args), &stdout, &stderr)
		if status != want.status || !strings.Contains(stdout.String(), want.stdout) || !strings.Contains(stderr.String(), want.stderr) ||
			strings.Contains(stdout.String(), "patience") {
			t.Errorf("%q: got status %d, stdout %q, stderr %q, want %+v", args, status, &stdout, &stderr, want)
		}
	}
}
