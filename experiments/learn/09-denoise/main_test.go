package main

import (
	"context"
	"math"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/experiments/learn/internal/judge"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

func TestLesson(t *testing.T) { judge.Lesson(t, run, exercise1, exercise2) }

type (
	psnr   = func(image, original []float64) float64
	scaler = func(train, test []float64) (scaledTrain, scaledTest []float64)
)

func TestExercise1(t *testing.T) {
	// The library's metric, of a network that changes nothing.
	model, err := compile(layers.Identity{}, losses.MeanSquaredError{})
	if err != nil {
		t.Fatal(err)
	}
	judge.Exercise[psnr]{
		Number: 1, Answer: exercise1, Right: right1, Wrong: wrong1,
		Judge: func(t testing.TB, answer psnr) {
			for _, amount := range []float64{0.05, 0.3, 1} {
				image, original := make([]float64, 784), make([]float64, 784)
				for i := range image {
					original[i] = float64(i%11) / 10
					image[i] = original[i] * (1 - amount)
				}
				row := func(v []float64) *graph.Tensor { return tensor.New(tensor.WithShape(1, 784), tensor.WithBacking(v)) }
				logs, err := model.Evaluate(context.Background(), graph.Arrays{X: row(image), Y: row(original)})
				if err != nil {
					t.Fatal(err)
				}
				if got, want := answer(image, original), logs["psnr"]; !(math.Abs(got-want) < 1e-4) {
					t.Fatalf("an image that is %.0f%% darker: got %.4f dB, want %.4f", 100*amount, got, want)
				}
			}
			if got := answer([]float64{0, 1}, []float64{0, 1}); !math.IsInf(got, 1) {
				t.Fatalf("equal images: got %v, want +Inf", got)
			}
		},
	}.Test(t)
}

func TestExercise2(t *testing.T) {
	judge.Exercise[scaler]{
		Number: 2, Answer: exercise2, Right: right2, Wrong: wrong2,
		Judge: func(t testing.TB, answer scaler) {
			train, test := []float64{50, 100, 150, 250}, []float64{100, 200, 300}
			a, b := answer(train, test)
			if !slices.Equal(train, []float64{50, 100, 150, 250}) || !slices.Equal(test, []float64{100, 200, 300}) {
				t.Fatalf("got arguments changed to %v and %v, want them as they were", train, test)
			}
			if !slices.Equal(a, []float64{0, 0.25, 0.5, 1}) {
				t.Fatalf("training set %v: got %v, want [0 0.25 0.5 1]", train, a)
			}
			if !slices.Equal(b, []float64{0.25, 0.75, 1.25}) {
				t.Fatalf("training set %v, test set %v: got %v, want [0.25 0.75 1.25]", train, test, b)
			}
		},
	}.Test(t)
}
