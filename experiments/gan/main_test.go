package main

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/ort"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/optimizers"
)

// program is the experiment under test.
var program labtest.Program = run

func TestRun(t *testing.T) {
	_, _, got := program.Same(t, []string{samples, progress, curves, lab.Weights})
	want := []string{"best_epoch", "classes", "classifier_accuracy", "discriminator_loss", "epochs", "generator_loss", "latent", "legible",
		"legible_test", "penalty", "rarest", "samples_s", "seconds"}
	if !slices.Equal(labtest.Keys(got), want) {
		t.Errorf("got JSON with %v, want %v", labtest.Keys(got), want)
	}
	if v := got["discriminator_loss"].(float64); v < 0.1 || v > 0.69 { // log 2 without any learning
		t.Errorf("got discriminator_loss %v, want 0.1 to 0.69", v)
	}
}

// Each model trains its own part, which the other sees at once.
func TestShared(t *testing.T) {
	g := compiled(t, 8, 8, settings{Latent: 4, Penalty: 1})
	if g.judge.Params() != g.deceiver.Params() {
		t.Error("got two sets of parameters, want one")
	}
	step := func(m *graph.Model, b graph.Batch) (changed []string) {
		t.Helper()
		before := g.deceiver.Weights()
		if _, err := m.Step(context.Background(), b); err != nil {
			t.Fatal(err)
		}
		for name, w := range g.deceiver.Weights() {
			if !slices.Equal(w.Float32s(), before[name].Float32s()) {
				changed = append(changed, name)
			}
		}
		for name, w := range g.judge.Weights() {
			if !slices.Equal(w.Float32s(), g.deceiver.Weights()[name].Float32s()) {
				t.Errorf("%s: got different values in the two models", name)
			}
		}
		return changed
	}
	images := labtest.Samples(6, []int{1, 8, 8})
	for part, changed := range map[string][]string{
		"discriminator/": step(g.judge, graph.Batch{X: images}),
		"generator/":     step(g.deceiver, graph.Batch{X: g.noise(6), Y: ones(6)}),
	} {
		if len(changed) < 4 || slices.ContainsFunc(changed, func(name string) bool { return !strings.HasPrefix(name, part) }) {
			t.Errorf("got changes of %v, want only those of %s", changed, part)
		}
	}
}

// For a linear discriminator, whose gradient is its weights w, the penalty is factor/2·Σw², and its derivative is factor·w.
func TestPenalty(t *testing.T) {
	const factor = 3
	gradients, logs := make([]graph.Weights, 2), make([]graph.Logs, 2)
	var w []float32
	for i, penalty := range []float64{0, factor} {
		net := contest{layers.Sequential{layers.Dense{Units: 6}, layers.Reshape{Shape: []int{1, 2, 3}}},
			layers.Named("linear", layers.Sequential{layers.Flatten{}, layers.Dense{Units: 1}}), settings{Latent: 2, Penalty: penalty}}
		m, err := graph.Compile(net, graph.Config{Input: []int{1, 2, 3}, Optimizer: optimizers.SGD{LearningRate: 0.1}})
		if err != nil {
			t.Fatal(err)
		}
		w = m.Weights()["linear/dense1/weight"].Float32s()
		b := graph.Batch{X: labtest.Samples(5, []int{1, 2, 3})}
		if _, gradients[i], err = m.Gradients(b.X, nil); err != nil {
			t.Fatal(err)
		}
		if logs[i], err = m.Step(context.Background(), b); err != nil {
			t.Fatal(err)
		}
	}
	want, without, with := 0.0, gradients[0]["linear/dense1/weight"].Float32s(), gradients[1]["linear/dense1/weight"].Float32s()
	for i, v := range w {
		want += factor / 2.0 * float64(v) * float64(v)
		if got := float64(with[i] - without[i]); math.Abs(got-factor*float64(v)) > 1e-5 {
			t.Errorf("weight %d: got a derivative of the penalty of %v, want %v", i, got, factor*v)
		}
	}
	if got := logs[1]["loss"] - logs[0]["loss"]; math.Abs(got-want) > 1e-5 {
		t.Errorf("got a penalty of %v, want %v", got, want)
	}
	if got, want := logs[0][crossEntropy], logs[0]["loss"]/2; math.Abs(got-want) > 1e-6 {
		t.Errorf("got %s %v, want %v", crossEntropy, got, want)
	}
}

// Without the penalty, the discriminator learns as well.
func TestWithoutPenalty(t *testing.T) {
	args, _ := labtest.Small(t, "-penalty", "0", "-lr", "4e-4", "-epochs", "1")
	if _, got := program.Run(t, args); got["discriminator_loss"].(float64) > 0.69 {
		t.Errorf("got discriminator_loss %v, want at most 0.69", got["discriminator_loss"])
	}
}

// Images from any folder.
func TestFolder(t *testing.T) {
	args, _ := labtest.Small(t, "-data", labtest.IDX(t, 600, 20, 9, 6))
	if _, got := program.Run(t, args); got["classes"].(float64) > 3 {
		t.Errorf("got %v, want at most 3 classes", got)
	}
}

func TestBadFlags(t *testing.T) {
	program.Reject(t, "-latent", "0")
	program.Reject(t, "-latent", "many")
	program.Reject(t, "-patience", "1")
	program.Reject(t, "-penalty", "-1")
	program.Reject(t, "-penalty", "Inf")
}

// onnxruntime agrees on both networks.
func TestONNX(t *testing.T) {
	r := ort.Start(t)
	g := compiled(t, 28, 28, settings{Latent: 64})
	discriminator, err := g.deceiver.Sub("discriminator")
	if err != nil {
		t.Fatal(err)
	}
	labtest.ONNX(t, r, map[string]*graph.Model{"generator": g.generator, "discriminator": discriminator})
}

// BenchmarkRound trains both models by one step with 64 images.
func BenchmarkRound(b *testing.B) {
	g, x := compiled(b, 28, 28, settings{Latent: 64, Penalty: 1}), labtest.Samples(64, []int{1, 28, 28})
	for b.Loop() {
		if _, _, err := g.round(context.Background(), x); err != nil {
			b.Fatal(err)
		}
	}
}

func compiled(t testing.TB, rows, cols int, s settings) *game {
	t.Helper()
	g, err := compile(rows, cols, s, 1e-3, 1)
	if err != nil {
		t.Fatal(err)
	}
	return g
}
