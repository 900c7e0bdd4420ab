package graph_test

import (
	"context"
	"fmt"
	"log"
	"math"
	"math/rand/v2"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// A loop of one's own: Step trains on one batch.
func ExampleModel_Step() {
	model, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{2}, Loss: losses.MeanSquaredError{},
		Optimizer: optimizers.SGD{LearningRate: 0.1}})
	if err != nil {
		log.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	batch := graph.Batch{X: tensor.New(tensor.WithShape(8, 2), tensor.Of(tensor.Float32)), Y: tensor.New(tensor.WithShape(8, 1), tensor.Of(tensor.Float32))}
	logs := graph.Logs{}
	for range 200 {
		x, y := batch.X.Float32s(), batch.Y.Float32s()
		for i := range y {
			x[2*i], x[2*i+1] = rng.Float32(), rng.Float32()
			y[i] = 3*x[2*i] - x[2*i+1]
		}
		if err := model.StepInto(context.Background(), logs, batch); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(logs["loss"] < 0.01)
	// Output: true
}

// The generator and the discriminator of a GAN are two models over one set of parameters: the second contains both networks, and
// trains only the generator.
func ExampleParams() {
	generator := layers.Sequential{layers.Dense{Units: 16}, layers.Tanh{}, layers.Dense{Units: 1}}
	critic := layers.Sequential{layers.Dense{Units: 16}, layers.Tanh{}, layers.Dense{Units: 1}, layers.Sigmoid{}}
	params := graph.NewParams(1)
	config := graph.Config{Params: params, Loss: losses.BinaryCrossEntropy{}, Optimizer: optimizers.Adam{LearningRate: 0.005, Beta1: 0.5}}

	judge, faker := config, config
	judge.Input, judge.Train = []int{1}, []string{"critic"}
	faker.Input, faker.Train = []int{2}, []string{"generator"}
	d, err := graph.Compile(layers.Sequential{layers.Named("critic", critic)}, judge)
	if err != nil {
		log.Fatal(err)
	}
	g, err := graph.Compile(layers.Sequential{layers.Named("generator", generator), layers.Named("critic", critic)}, faker)
	if err != nil {
		log.Fatal(err)
	}
	fakes, err := g.Sub("generator")
	if err != nil {
		log.Fatal(err)
	}

	const n = 64 // real samples, and as many generated ones
	ctx, rng := context.Background(), rand.New(rand.NewPCG(1, 2))
	column := func(n, width int, f func(i int) float64) *graph.Tensor {
		t := tensor.New(tensor.WithShape(n, width), tensor.Of(tensor.Float32))
		for i := range t.Float32s() {
			t.Float32s()[i] = float32(f(i))
		}
		return t
	}
	noise := func() *graph.Tensor { return column(n, 2, func(int) float64 { return rng.NormFloat64() }) }
	mean := func(t *graph.Tensor) (sum float64) {
		for _, v := range t.Float32s() {
			sum += float64(v) / float64(len(t.Float32s()))
		}
		return sum
	}
	for range 400 {
		generated, err := fakes.Predict(ctx, noise())
		if err != nil {
			log.Fatal(err)
		}
		x := column(2*n, 1, func(i int) float64 {
			if i < n {
				return 3 + rng.NormFloat64()/2 // real samples are near 3
			}
			return float64(generated.Float32s()[i-n])
		})
		real := column(2*n, 1, func(i int) float64 { return math.Floor(float64(2*n-1-i) / n) })
		if _, err := d.Step(ctx, graph.Batch{X: x, Y: real}); err != nil {
			log.Fatal(err)
		}
		if _, err := g.Step(ctx, graph.Batch{X: noise(), Y: column(n, 1, func(int) float64 { return 1 })}); err != nil {
			log.Fatal(err)
		}
	}
	generated, err := fakes.Predict(ctx, noise())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("the generated samples are near 3:", math.Abs(mean(generated)-3) < 0.7)
	// Output: the generated samples are near 3: true
}
