package graph_test

import (
	"context"
	"fmt"
	"log"
	"math/rand/v2"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// This example learns whether a text contains the word 7. The texts have different lengths, and the steps are the program's own.
func Example_sequences() {
	rng, ctx := rand.New(rand.NewPCG(1, 2)), context.Background()
	var texts [][]int
	var answers []float32
	for range 400 {
		text := make([]int, 1+rng.IntN(12))
		answer := float32(0)
		for i := range text {
			if text[i] = 1 + rng.IntN(20); text[i] == 7 {
				answer = 1
			}
		}
		texts, answers = append(texts, text), append(answers, answer)
	}
	labels := tensor.New(tensor.WithShape(len(answers), 1), tensor.WithBacking(answers))

	model, err := graph.Compile(layers.Sequential{
		layers.Embedding{Vocabulary: 1000, Units: 16, MaskZero: true}, // 0 is padding
		layers.Bidirectional{Layer: layers.LSTM{Units: 16}},
		layers.Dense{Units: 1}, layers.Sigmoid{},
	}, graph.Config{
		Input: []int{graph.Any}, // any number of words
		Loss:  losses.BinaryCrossEntropy{}, Optimizer: optimizers.Adam{LearningRate: 1e-2}, Seed: 1,
	})
	if err != nil {
		log.Fatal(err)
	}
	data := datasets.Buckets{X: datasets.Sequences(texts), Labels: labels} // each batch is padded to its own longest
	var last graph.Logs
	for range 10 {
		for batch, err := range data.Batches(32, rng) {
			if err != nil {
				log.Fatal(err)
			}
			logs, err := model.Step(ctx, batch) // one step of training, with the bits that Fit gives
			if err != nil {
				log.Fatal(err)
			}
			last = logs
		}
	}
	fmt.Println(last["loss"] < 0.3)
	// Output: true
}
