package optimizers_test

import (
	"fmt"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/optimizers"
)

// A rule minimizes w² from w = 1. In training the model runs this loop, for all of its parameters.
func Example() {
	rule := optimizers.SGD{LearningRate: 0.1, Momentum: 0.5}
	w, velocity := []float64{1}, []float64{0}
	for step := 1; step <= 4; step++ {
		rule.Update64(graph.Update[float64]{
			Weights: w,
			Grad:    []float64{2 * w[0]},
			Slots:   [][]float64{velocity},
			Rate:    rule.Rate(),
			Step:    step,
			Scale:   1,
		})
		fmt.Printf("%.4f\n", w[0])
	}
	// Output:
	// 0.8000
	// 0.5400
	// 0.3020
	// 0.1226
}

// A setting outside its range is an error before training.
func ExampleAdam_Validate() {
	fmt.Println(optimizers.Adam{Beta1: 1}.Validate())
	fmt.Println(optimizers.Adam{LearningRate: 2e-3}.Validate())
	// Output:
	// optimizers: Adam: Beta1: got 1, want at least 0 and less than 1, also as a float32
	// <nil>
}

// The model applies the limits of a Clip, since it knows all gradients.
func ExampleClip() {
	rule := optimizers.Clip{Optimizer: optimizers.Adam{LearningRate: 2e-3}, GlobalNorm: 1}
	fmt.Println(rule.Rate(), rule.Slots(), rule.Clip().GlobalNorm)
	// Output: 0.002 2 1
}

// Sign is a user's own rule: it takes steps of one size in the direction of the gradient's sign.
type Sign struct{ LearningRate float64 }

func (s Sign) Rate() float64                  { return s.LearningRate }
func (Sign) Slots() int                       { return 0 }
func (Sign) Update32(u graph.Update[float32]) { sign(u) }
func (Sign) Update64(u graph.Update[float64]) { sign(u) }

func sign[T graph.Float](u graph.Update[T]) {
	for i, g := range u.Grad {
		if g > 0 {
			u.Weights[i] -= T(u.Rate)
		} else if g < 0 {
			u.Weights[i] += T(u.Rate)
		}
	}
}

// A user's own rule has two update methods that call one generic function. Clip takes it like any other rule.
func Example_ownRule() {
	var rule graph.Optimizer = optimizers.Clip{Optimizer: Sign{LearningRate: 0.25}, Value: 1}
	w := []float32{1, 2, 3}
	rule.Update32(graph.Update[float32]{Weights: w, Grad: []float32{0.1, 0, -8}, Rate: rule.Rate(), Step: 1, Scale: 1})
	fmt.Println(w)
	// Output: [0.75 2 3.25]
}
