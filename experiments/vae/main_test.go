package main

import (
	"math"
	"slices"
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
	"github.com/nndiy/nndiy/graph/graphtest"
)

// program is the experiment under test.
var program labtest.Program = run

func TestRun(t *testing.T) {
	_, _, got := program.Same(t, []string{samples, walk, pictures, curves, lab.LogFile, lab.Weights}, "-train", "1000", "-epochs", "4")
	want := []string{"best_epoch", "classes", "epochs", "latent", "legible", "psnr", "samples_s", "seconds", "test_loss", "valid_loss"}
	if !slices.Equal(labtest.Keys(got), want) {
		t.Errorf("got JSON with %v, want %v", labtest.Keys(got), want)
	}
	if v := got["valid_loss"].(float64); v < 100 || v > 210 { // always predicting the mean image costs 206 nats
		t.Errorf("got valid_loss %v nats, want 100 to 210", v)
	}
}

// Codes of two numbers, of images from any folder.
func TestPlane(t *testing.T) {
	args, _ := labtest.Small(t, "-latent", "2", "-data", labtest.IDX(t, 600, 20, 7, 5), "-batch", "8", "-epochs", "10")
	if _, got := program.Run(t, args); got["psnr"].(float64) < 15 {
		t.Errorf("got %v, want psnr 15 or more", got)
	}
}

func TestBadFlags(t *testing.T) {
	program.Reject(t, "-latent", "0")
	program.Reject(t, "-latent", "many")
}

// The network's derivatives, also through the noise, agree with central differences.
func TestGradient(t *testing.T) {
	graphtest.Layer(t, network{pixels: 5, latent: 2, hidden: 8}, 3, 5)
}

// The grid is centred at 0 and reaches the tails of the distribution.
func TestGrid(t *testing.T) {
	codes := grid()
	if len(codes) != columns*columns {
		t.Fatalf("got %d codes, want %d", len(codes), columns*columns)
	}
	sum := 0.0
	for _, c := range codes {
		sum += float64(c[0] + c[1])
	}
	if math.Abs(sum) > 1e-3 || codes[0][0] > -1.5 {
		t.Errorf("got sum %v and first code %v, want sum 0 and a first number below -1.5", sum, codes[0])
	}
}
