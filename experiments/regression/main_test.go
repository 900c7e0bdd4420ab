package main

import (
	"math"
	"slices"
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
)

// program is the experiment under test.
var program labtest.Program = run

// Every loss finds the line y = x/2 + 0.2.
func TestRun(t *testing.T) {
	_, _, got := program.Same(t, []string{line, curves, lab.LogFile, lab.Weights})
	want := []string{"best_epoch", "epochs", "intercept", "loss", "noise", "optimizer", "samples_s", "seconds", "slope", "valid_loss", "valid_mse"}
	if !slices.Equal(labtest.Keys(got), want) {
		t.Errorf("got JSON with %v, want %v", labtest.Keys(got), want)
	}
	for _, loss := range []string{"mse", "mae", "rmse"} {
		t.Run(loss, func(t *testing.T) {
			args, _ := labtest.Small(t, "-loss", loss, "-epochs", "20")
			_, got := program.Run(t, args)
			slope, intercept, mse := got["slope"].(float64), got["intercept"].(float64), got["valid_mse"].(float64)
			if math.Abs(slope-0.5) > 0.03 || math.Abs(intercept-0.2) > 0.02 || mse > 0.013 || mse < 0.007 {
				t.Errorf("got %v, want y = 0.5·x + 0.2 and the variance of the noise, 0.01", got)
			}
		})
	}
}

// With -data, the points are features of images.
func TestImages(t *testing.T) {
	args, _ := labtest.Small(t, "-data", labtest.IDX(t, 600, 20, 7, 5))
	if _, got := program.Run(t, args); got["valid_mse"].(float64) > 1.1 {
		t.Errorf("got %v, want valid_mse near or below the variance, 1", got)
	}
}

func TestBadFlags(t *testing.T) {
	program.Reject(t, "-loss", "nonsense")
	program.Reject(t, "-noise", "-1")
	program.RejectPairs(t, [2]string{"-noise=0.1", "-data=none"})
	program.Reject(t, "-epochs", "0")
}
