package draw

import (
	"fmt"

	"github.com/nndiy/nndiy/experiments/playground/internal/code"
	"github.com/nndiy/nndiy/experiments/playground/internal/nets"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/trainer"
)

// program returns a program that trains the same network on all of MNIST, and finds what decides.
func program(s trainer.Settings) string {
	call, file := "Conv()", "conv"
	if s.Network == "dense" {
		call, file = "Dense()", "dense"
	}
	return code.Program(fmt.Sprintf(text, call, s.Rate, s.Seed, s.Batch) + nets.Source(file))
}

const text = `// main trains the classifier that the page shows, on all of MNIST.
func main() {
	train, test, err := datasets.MNIST()
	if err != nil {
		log.Fatal(err)
	}
	model, err := graph.Compile(%[1]s, graph.Config{
		Input:     []int{784},
		Loss:      losses.SparseCategoricalCrossEntropy{},
		Optimizer: optimizers.Adam{LearningRate: %[2]v},
		Metrics:   []graph.Metric{metrics.Accuracy{}},
		Seed:      %[3]d,
	})
	if err != nil {
		log.Fatal(err)
	}
	_, err = model.Fit(context.Background(), train.Arrays(), graph.FitConfig{
		Epochs: 3, BatchSize: %[4]d, Valid: test.Arrays(),
		Callbacks: []graph.Callback{&callbacks.Progress{}},
	})
	if err != nil {
		log.Fatal(err)
	}

	// What decides about the first test image? The derivative of the largest output with respect to each pixel.
	saliency, err := graph.Compile(graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		logits, _ := %[1]s.Emit(s, x).Logits()
		return graph.Grad(logits.Max(1).Sum(), x)[0].Abs()
	}), graph.Config{Input: []int{784}, Params: model.Params()})
	if err != nil {
		log.Fatal(err)
	}
	first, err := test.X().Slice(tensor.S(0, 1))
	if err != nil {
		log.Fatal(err)
	}
	pixels, err := saliency.Predict(context.Background(), tensor.New(tensor.WithShape(1, 784), tensor.WithBacking(first.Data())))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(pixels.Float32s())
}

`
