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
			t.Errorf("output has no %q:\n%s", text, stdout)
		}
	}
	want := []string{"best_epoch", "bottleneck", "codes", "dropout", "epochs", "latent_accuracy", "latent_seconds", "latent_test_accuracy", "psnr",
		"samples_s", "seconds", "valid_bce"}
	if !slices.Equal(labtest.Keys(got), want) {
		t.Errorf("JSON has %v, want %v", labtest.Keys(got), want)
	}
	if psnr := got["psnr"].(float64); psnr < 12 || psnr > 25 {
		t.Errorf("psnr is %v", psnr)
	}
	for _, name := range []string{"latent_accuracy", "latent_test_accuracy"} {
		if v := got[name].(float64); v < 0.7 || v > 1 {
			t.Errorf("%s is %v", name, v)
		}
	}
}

// Two numbers make a map, of pictures of any folder.
func TestMap(t *testing.T) {
	args, out := labtest.Small(t, "-bottleneck", "2", "-codes", "100", "-data", labtest.IDX(t, 600, 20, 7, 5), "-batch", "8")
	if _, got := program.Run(t, args); got["codes"] != 100.0 || got["latent_test_accuracy"] != 1.0 {
		t.Errorf("got %v, want all codes of easy pictures read right", got)
	}
	if len(labtest.Read(t, out, codeMap)) == 0 {
		t.Errorf("%s is empty", codeMap)
	}
}

func TestBadFlags(t *testing.T) {
	program.Reject(t, "-bottleneck", "0")
	program.Reject(t, "-codes", "0")
	program.Reject(t, "-dropout", "1")
}

func TestMeanPicture(t *testing.T) {
	x := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float32{0, 0, 1, 0, 1, 1}))
	b := make([]float64, 3)
	meanPicture(x)(b, []int{3}, nil)
	for i, want := range []float64{0.001, 0.5, 0.999} {
		if got := 1 / (1 + math.Exp(-b[i])); math.Abs(got-want) > 1e-9 {
			t.Errorf("pixel %d: got %v, want %v", i, got, want)
		}
	}
}
