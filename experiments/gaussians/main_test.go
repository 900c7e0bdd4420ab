package main

import (
	"slices"
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
)

// program is the experiment under test.
var program labtest.Program = run

// Every problem is learned, and every loss works.
func TestRun(t *testing.T) {
	files := []string{plane, loss, accuracy, lab.LogFile, lab.Weights}
	_, _, got := program.Same(t, files, "-epochs", "10")
	want := []string{"activation", "best_epoch", "epochs", "loss", "optimizer", "problem", "samples_s", "seconds", "test_accuracy", "valid_accuracy",
		"valid_loss"}
	if !slices.Equal(labtest.Keys(got), want) {
		t.Errorf("got JSON with %v, want %v", labtest.Keys(got), want)
	}
	for _, c := range []struct {
		problem, loss string
		least         float64
	}{{"four", "sparse-cce", 0.97}, {"two", "bce", 0.98}, {"two", "sparse-bce", 0.98}, {"stripes", "cce", 0.93}} {
		t.Run(c.problem+" "+c.loss, func(t *testing.T) {
			args, _ := labtest.Small(t, "-problem", c.problem, "-loss", c.loss, "-epochs", "30")
			if _, got := program.Run(t, args); got["test_accuracy"].(float64) < c.least {
				t.Errorf("got %v, want test_accuracy %v or more", got, c.least)
			}
		})
	}
}

// With -data, the points are features of images.
func TestImages(t *testing.T) {
	args, _ := labtest.Small(t, "-data", labtest.IDX(t, 600, 20, 7, 5), "-epochs", "10")
	if _, got := program.Run(t, args); got["test_accuracy"] != 1.0 {
		t.Errorf("got %v, want test_accuracy 1 on easy images", got)
	}
}

func TestBadFlags(t *testing.T) {
	program.Reject(t, "-problem", "nonsense")
	program.Reject(t, "-loss", "nonsense")
	program.Reject(t, "-batch", "0")
	program.RejectPairs(t, [2]string{"-problem=two", "-data=none"})
}
