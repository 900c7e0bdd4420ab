package main

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
	"github.com/nndiy/nndiy/graph"
)

// program is the experiment under test.
var program labtest.Program = run

// The same seed gives the same bits, except for the times in the log, and the model's file answers pictures with labels.
func TestRun(t *testing.T) {
	_, out, got := program.Same(t, files[1:], "-train", "80", "-valid", "20", "-side", "16", "-epochs", "2", "-batch", "16")
	want := []string{"best_epoch", "calibration_error", "epochs", "folder", "samples_s", "scaled_error", "seconds", "side", "temperature", "test_accuracy", "waiting"}
	if !slices.Equal(labtest.Keys(got), want) {
		t.Errorf("got JSON with %v, want %v", labtest.Keys(got), want)
	}
	m, err := graph.Open(filepath.Join(out, lab.Weights))
	if err != nil {
		t.Fatal(err)
	}
	classes, err := datasets.StoredClasses[string](m)
	if err != nil {
		t.Fatal(err)
	}
	pred, err := datasets.PredictImage(context.Background(), m, shape(rand.New(rand.NewPCG(1, 2)), shapes["ring"]))
	if err != nil {
		t.Fatal(err)
	}
	if labels, err := classes.Predicted(pred); err != nil || len(labels) != 1 || !slices.Contains(names, labels[0]) {
		t.Errorf("got %v, %v, want one of %v", labels, err, names)
	}
}

// A folder of one's own is read in place of the shapes.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	if err := draw(dir, 40, 1); err != nil {
		t.Fatal(err)
	}
	args, _ := labtest.Small(t, "-folder", dir, "-side", "16", "-epochs", "1")
	program.Run(t, args)
}

func TestBadFlags(t *testing.T) {
	program.Reject(t, "-side", "8")
	program.Reject(t, "-epochs", "0")
}
