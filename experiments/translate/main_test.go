package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/labtest"
)

// program is the experiment under test.
var program labtest.Program = run

// The century is learned at once, and the same seed gives the same bits.
func TestRun(t *testing.T) {
	const date = "3/5/84"
	stdout, _, got := program.Same(t, files, "-train", "400", "-epochs", "2", "-date", date)
	want := []string{"best_epoch", "date", "epochs", "samples_s", "seconds", "test_exact", "translation", "valid_exact"}
	if !slices.Equal(labtest.Keys(got), want) {
		t.Errorf("got JSON with %v, want %v", labtest.Keys(got), want)
	}
	translation := got["translation"].(string)
	if len(translation) != 10 || translation[:1] != "1" && translation[:1] != "2" {
		t.Errorf("got %q, want 10 characters, and a 1 or a 2 first", translation)
	}
	if !strings.Contains(stdout, date+" is "+translation) {
		t.Errorf("got %q, want the translation of %s", stdout, date)
	}
}

func TestBadFlags(t *testing.T) {
	program.Reject(t, "-date", "")
	program.Reject(t, "-date", "28 août 2026")
	program.Reject(t, "-date", strings.Repeat("1", 201))
	program.Reject(t, "-valid", "0")
}
