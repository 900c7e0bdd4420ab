package main

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
	"github.com/nndiy/nndiy/internal/ort"
)

// program is the experiment under test.
var program labtest.Program = run

func TestRun(t *testing.T) {
	_, _, got := program.Same(t, []string{plane, pictures, curves, lab.LogFile, lab.Weights}, "-epochs", "6", "-batch", "32")
	want := []string{"best_epoch", "epochs", "pixel_accuracy", "plane_accuracy", "samples_s", "seconds", "size", "test_accuracy", "valid_accuracy"}
	if !slices.Equal(labtest.Keys(got), want) {
		t.Errorf("got JSON with %v, want %v", labtest.Keys(got), want)
	}
	if v := got["test_accuracy"].(float64); v < 0.8 || v > 1 {
		t.Errorf("got test_accuracy %v, want 0.8 to 1 of training on 500 images", v)
	}
}

// Images of three classes from any folder.
func TestFolder(t *testing.T) {
	args, _ := labtest.Small(t, "-data", labtest.IDX(t, 600, 20, 9, 6), "-size", "4", "-batch", "16", "-epochs", "4")
	if _, got := program.Run(t, args); got["test_accuracy"] != 1.0 {
		t.Errorf("got %v, want test_accuracy 1 on easy images", got)
	}
}

func TestBadFlags(t *testing.T) {
	program.Reject(t, "-size", "0")
	program.Reject(t, "-size", "long")
}

// The nearest rows are those of a search through all distances, also if the last block of queries overlaps the one before.
func TestNearest(t *testing.T) {
	const length, keys, k = 3, 40, 4
	rng := rand.New(rand.NewPCG(1, 1))
	random := func(n int) *graph.Tensor {
		x := tensor.New(tensor.WithShape(n, length), tensor.Of(tensor.Float32))
		for i := range x.Float32s() {
			x.Float32s()[i] = float32(rng.NormFloat64())
		}
		return x
	}
	all := random(keys)
	for _, n := range []int{1, 7, 250, 611} {
		queries := random(n)
		for _, wanted := range []int{1, k} {
			got, err := nearest(context.Background(), queries, all, wanted)
			if err != nil {
				t.Fatal(err)
			}
			for i := range n {
				distance := func(key int) (sum float32) {
					for c := range length {
						d := queries.Float32s()[i*length+c] - all.Float32s()[key*length+c]
						sum += d * d
					}
					return sum
				}
				order := make([]int, keys)
				for j := range order {
					order[j] = j
				}
				slices.SortFunc(order, func(a, b int) int {
					if distance(a) < distance(b) {
						return -1
					}
					return 1
				})
				if !slices.Equal(got[i], order[:wanted]) {
					t.Fatalf("%d queries, number %d: got %v, want %v", n, i, got[i], order[:wanted])
				}
			}
		}
	}
}

// The vectors do not learn from the map: the network's derivatives without the map agree with central differences.
func TestGradient(t *testing.T) {
	graphtest.Layer(t, network{size: 3, filters: 2, units: 5}, 2, 1, 8, 8)
}

// onnxruntime agrees on both parts of the network.
func TestONNX(t *testing.T) {
	r := ort.Start(t)
	m := labtest.Compiled(t, usual(32), 1, 28, 28)
	labtest.ONNX(t, r, map[string]*graph.Model{"vector": labtest.Part(t, m, "vector"), "plane": labtest.Part(t, m, flat)})
}
