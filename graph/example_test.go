package graph_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// A Gate is a layer of your own: a linear map whose outputs are scaled by a learned gate.
type Gate struct{ Units int }

func (g Gate) Emit(s *graph.Scope, x graph.Node) graph.Node {
	w := s.Param("weight", graph.GlorotUniform, x.Dim(-1), g.Units)
	v := s.Param("gate", graph.GlorotUniform, x.Dim(-1), g.Units)
	return x.MatMul(w).Mul(x.MatMul(v).Sigmoid())
}

// pseudoHuber is a loss of your own. Targets of shape (n) fit predictions of shape (n, 1).
var pseudoHuber = graph.LossFunc(func(pred, target graph.Node) graph.Node {
	return pred.Sub(target.Reshape(pred.Shape()...)).Square().Shift(1).Sqrt().Shift(-1).Mean()
})

// halve is a callback of your own: it halves the learning rate every ten epochs.
var halve = graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
	if e == graph.EpochBegin && r.Epoch%10 == 0 {
		r.Rate /= 2
	}
	return nil
})

// stripes returns two sets of images of 784 pixels in 10 classes: class c is brighter in the c-th of ten bands.
func stripes() (train, valid graph.Arrays) {
	rng := rand.New(rand.NewPCG(1, 2))
	set := func(n int) graph.Arrays {
		x, y := make([]float32, n*784), make([]float32, n)
		for i := range n {
			class := i % 10
			y[i] = float32(class)
			for j := range 784 {
				x[i*784+j] = 0.5 * rng.Float32()
				if j*10/784 == class {
					x[i*784+j] += 0.5
				}
			}
		}
		return graph.Arrays{
			X: tensor.New(tensor.WithShape(n, 784), tensor.WithBacking(x)),
			Y: tensor.New(tensor.WithShape(n), tensor.WithBacking(y)),
		}
	}
	return set(320), set(100)
}

// Example is the first example of the README.
func Example() {
	ctx := context.Background()
	train, valid := stripes()
	file := filepath.Join(os.TempDir(), "example.safetensors")
	defer os.Remove(file)

	model, err := graph.Compile(layers.Sequential{
		layers.Dense{Units: 128}, layers.ReLU{},
		layers.Dropout{Rate: 0.2},
		layers.Dense{Units: 10}, layers.Softmax{},
	}, graph.Config{
		Input:     []int{784},                             // the shape of one sample
		Loss:      losses.SparseCategoricalCrossEntropy{}, // targets are class numbers
		Optimizer: optimizers.Adam{LearningRate: 2e-3},
		Metrics:   []graph.Metric{metrics.Accuracy{}},
		Seed:      1,
	}) // an error names the place: graph: dense1: MatMul: got shapes [2 128] and [64 10], want equal inner dimensions
	if err != nil {
		log.Fatal(err)
	}
	history, err := model.Fit(ctx, train, graph.FitConfig{
		Epochs: 30, BatchSize: 64, Valid: valid,
		Callbacks: []graph.Callback{
			&callbacks.EarlyStopping{Patience: 5, RestoreBest: true},
			&callbacks.Progress{},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	logs, err := model.Evaluate(ctx, valid) // logs["loss"], logs["accuracy"]
	if err != nil {
		log.Fatal(err)
	}
	err = model.SaveFile(file) // graph.Open reads it, without the code above
	fmt.Println(len(history.Logs) > 0, logs["accuracy"], err)
	// Output: true 1 <nil>
}

// A network with parts of one's own: a layer, a loss, a callback; a function as a layer; and a part of a network as a model.
func Example_custom() {
	ctx := context.Background()
	train, valid := stripes()
	classifier, err := graph.Compile(layers.Sequential{
		layers.Dense{Units: 128}, layers.Tanh{}, Gate{Units: 64}, layers.Dense{Units: 10}, layers.Softmax{},
	}, graph.Config{Input: []int{784}, Loss: losses.SparseCategoricalCrossEntropy{}, Optimizer: optimizers.Adam{}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(classifier)
	_, err = classifier.Fit(ctx, train, graph.FitConfig{Epochs: 2, BatchSize: 64, Callbacks: []graph.Callback{halve}})
	fmt.Println(errors.Is(err, graph.ErrDiverged), err)

	residual := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		h := s.Apply(layers.Dense{Units: 64}, x).ReLU()
		return s.Apply(layers.Dense{Units: x.Dim(-1)}, h).Add(x)
	})
	encoder := layers.Named("encoder", layers.Sequential{layers.Dense{Units: 32}, layers.Tanh{}})
	auto, err := graph.Compile(layers.Sequential{encoder, residual, layers.Dense{Units: 784}}, graph.Config{
		Input: []int{784}, Loss: pseudoHuber, Optimizer: optimizers.SGD{LearningRate: 0.1},
	})
	if err != nil {
		log.Fatal(err)
	}
	codes, err := auto.Sub("encoder")
	if err != nil {
		log.Fatal(err)
	}
	z, err := codes.Predict(ctx, valid.X)
	fmt.Println(z.Shape(), err)
	// Output:
	// layer     output   parameters
	// input     [n 784]
	// dense1    [n 128]  100,480
	// tanh1     [n 128]  0
	// gate1     [n 64]   16,384
	// dense2    [n 10]   650
	// softmax1  [n 10]   0
	// total: 117,514 parameters
	// false <nil>
	// (100, 32) <nil>
}

// A derivative is a node, so it can be differentiated again.
func ExampleNewFunction() {
	f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
		y := x[0].Square().Mul(x[0].Sin()) // x²·sin x
		first := graph.Grad(y, x[0])[0]
		second := graph.Grad(first, x[0])[0]
		return []graph.Node{y, first, second}
	}, []int{})
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := f.Call(context.Background(), tensor.New(tensor.WithShape(), tensor.WithBacking([]float64{2})))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, v := range out {
		fmt.Printf("%.6f\n", v.Float64s()[0])
	}
	// Output:
	// 3.637190
	// 1.972602
	// -5.147770
}

// The product of a network's Hessian H and a vector v, without computing H: Hv is the gradient of the gradient's dot product
// with v (Pearlmutter 1994).
func ExampleGrad() {
	f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
		input, w, v := x[0], x[1], x[2]
		loss := input.MatMul(w).Tanh().Sum(1).Square().Mean()
		slope := graph.Grad(loss, w)[0].Mul(v).Sum()
		return graph.Grad(slope, w)
	}, []int{2, 3}, []int{3, 2}, []int{3, 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	dense := func(v []float64, shape ...int) *tensor.Dense {
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(v))
	}
	out, err := f.Call(context.Background(), dense([]float64{1, 2, 3, -1, 0, 1}, 2, 3),
		dense([]float64{.1, .2, -.1, 0, .3, -.2}, 3, 2), dense([]float64{1, 0, 0, 0, 0, 1}, 3, 2))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.4f\n", out[0].Float64s())
	// Output:
	// [1.7072 3.4377 3.0733 6.4577 4.4394 9.4776]
}
