package main

import (
	"slices"
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/labtest"
)

// program is the experiment under test.
var program labtest.Program = run

// The same seed gives the same bits, and a short training is better than the mean of the demand would be.
func TestRun(t *testing.T) {
	_, _, got := program.Same(t, files, "-train", "600", "-valid", "150", "-epochs", "4")
	want := []string{"best_epoch", "epochs", "naive_error", "pearson", "samples_s", "seconds", "skill", "test_error"}
	if !slices.Equal(labtest.Keys(got), want) {
		t.Errorf("got JSON with %v, want %v", labtest.Keys(got), want)
	}
	if v := got["pearson"].(float64); !(v > 0.3 && v <= 1) {
		t.Errorf("got a correlation of %v, want 0.3 to 1", v)
	}
}

func TestBadFlags(t *testing.T) {
	program.Reject(t, "-epochs", "0")
	program.Reject(t, "-valid", "0")
}
