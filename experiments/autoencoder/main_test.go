package main

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
)

// program is the experiment under test.
var program labtest.Program = run

func TestRun(t *testing.T) {
	stdout, out, got := program.Same(t, []string{pictures, curves, lab.LogFile, lab.Weights}, "-train", "1000", "-epochs", "5")
	for _, text := range []string{"435,536 parameters", "epoch 1/5", "a classifier on 1000 codes", out} {
		if !strings.Contains(stdout, text) {
			t.Errorf("got no %q in the output:\n%s", text, stdout)
		}
	}
	want := []string{"best_epoch", "bottleneck", "codes", "dropout", "epochs", "latent_accuracy", "latent_seconds", "latent_test_accuracy", "psnr",
		"samples_s", "seconds", "valid_bce"}
	if !slices.Equal(labtest.Keys(got), want) {
		t.Errorf("got JSON with %v, want %v", labtest.Keys(got), want)
	}
	if psnr := got["psnr"].(float64); psnr < 12 || psnr > 25 {
		t.Errorf("got psnr %v, want 12 to 25", psnr)
	}
	for _, name := range []string{"latent_accuracy", "latent_test_accuracy"} {
		if v := got[name].(float64); v < 0.7 || v > 1 {
			t.Errorf("got %s %v, want 0.7 to 1", name, v)
		}
	}
}

// Codes of two numbers are drawn as a map, for images from any folder.
func TestMap(t *testing.T) {
	args, out := labtest.Small(t, "-bottleneck", "2", "-codes", "100", "-data", labtest.IDX(t, 600, 20, 7, 5), "-batch", "8")
	if _, got := program.Run(t, args); got["codes"] != 100.0 || got["latent_test_accuracy"] != 1.0 {
		t.Errorf("got %v, want codes of easy images classified without error", got)
	}
	if len(labtest.Read(t, out, codeMap)) == 0 {
		t.Errorf("got an empty %s", codeMap)
	}
}

func TestBadFlags(t *testing.T) {
	program.Reject(t, "-bottleneck", "0")
	program.Reject(t, "-codes", "0")
	program.Reject(t, "-dropout", "1")
}

func TestMeanImage(t *testing.T) {
	x := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float32{0, 0, 1, 0, 1, 1}))
	b := make([]float64, 3)
	meanImage(x)(b, []int{3}, nil)
	for i, want := range []float64{0.001, 0.5, 0.999} {
		if got := 1 / (1 + math.Exp(-b[i])); math.Abs(got-want) > 1e-9 {
			t.Errorf("pixel %d: got %v, want %v", i, got, want)
		}
	}
}
