package denoise

import (
	"fmt"

	"github.com/nndiy/nndiy/experiments/playground/internal/code"
	"github.com/nndiy/nndiy/experiments/playground/internal/nets"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/trainer"
)

// program returns a program that trains the same network on all of MNIST, and measures what it gains.
func program(s trainer.Settings) string {
	call, file := "UNet()", "unet"
	if s.Network == "dense" {
		call, file = "Narrow()", "narrow"
	}
	return code.Program(fmt.Sprintf(text, most, call, s.Rate, s.Seed, s.Batch) + nets.Source(file))
}

const text = `// main trains the denoiser that the page shows, on all of MNIST.
func main() {
	train, test, err := datasets.MNIST()
	if err != nil {
		log.Fatal(err)
	}
	noisy := func(m *datasets.Images) graph.Dataset { // each image has a noise of its own, of its own amount
		return datasets.PixelNoise{Clean: m.Arrays(), UpTo: %v}
	}
	model, err := graph.Compile(%v, graph.Config{
		Input:     []int{784},
		Loss:      losses.BinaryCrossEntropy{},
		Optimizer: optimizers.Adam{LearningRate: %v},
		Seed:      %d,
	})
	if err != nil {
		log.Fatal(err)
	}
	_, err = model.Fit(context.Background(), noisy(train), graph.FitConfig{
		Epochs: 3, BatchSize: %d, Valid: noisy(test),
		Callbacks: []graph.Callback{&callbacks.Progress{}},
	})
	if err != nil {
		log.Fatal(err)
	}
}

`
