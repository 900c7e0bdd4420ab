package main

import (
	"slices"
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/classify"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
)

// program is the experiment under test.
var program labtest.Program = run

func TestRun(t *testing.T) {
	_, _, got := program.Same(t, classify.Files, "-network", "1d256", "-epochs", "6")
	want := []string{"activation", "best_epoch", "epochs", "network", "optimizer", "samples_s", "seconds", "test_accuracy", "train_accuracy",
		"valid_accuracy"}
	if !slices.Equal(labtest.Keys(got), want) {
		t.Errorf("got JSON with %v, want %v", labtest.Keys(got), want)
	}
	if v := got["test_accuracy"].(float64); v < 0.7 || v > 1 {
		t.Errorf("got test_accuracy %v, want 0.7 to 1 of training on 500 images", v)
	}
}

// Every network learns images from any folder.
func TestNetworks(t *testing.T) {
	data := labtest.IDX(t, 60, 9, 6, 5)
	for _, network := range []string{"2d", "1d784", "1d256"} {
		for _, activation := range []string{"relu", "tanh"} {
			t.Run(network+" "+activation, func(t *testing.T) {
				args := []string{"-data", data, "-network", network, "-activation", activation, "-epochs", "40", "-batch", "8", "-json", "-out", t.TempDir()}
				if _, got := program.Run(t, args); got["test_accuracy"] != 1.0 {
					t.Errorf("got %v, want test_accuracy 1 on easy images", got)
				}
			})
		}
	}
}

func TestBadFlags(t *testing.T) {
	program.Reject(t, "-network", "3d")
	program.Reject(t, "-epochs", "-1")
}
