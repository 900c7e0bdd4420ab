package latent

import (
	"github.com/nndiy/nndiy/experiments/playground/internal/code"
	"github.com/nndiy/nndiy/experiments/playground/internal/nets"
)

// program returns a program that trains the same network, and draws the digit in the middle of the plane.
func program() string { return code.Program(text + nets.Source("vae")) }

const text = `// main trains the variational auto-encoder that the page shows, and prints the digit in the middle of the plane.
func main() {
	images, _, err := datasets.MNIST()
	if err != nil {
		log.Fatal(err)
	}
	model, err := graph.Compile(VAE{}, graph.Config{
		Input: []int{784}, Loss: VAE{}, Optimizer: optimizers.Adam{}, Seed: 1,
	})
	if err != nil {
		log.Fatal(err)
	}
	x := images.X()
	_, err = model.Fit(context.Background(), graph.Arrays{X: x, Y: x}, graph.FitConfig{
		Epochs: 10, BatchSize: 128,
		Callbacks: []graph.Callback{&callbacks.Progress{}},
	})
	if err != nil {
		log.Fatal(err)
	}
	decoder, err := model.Sub("decoder")
	if err != nil {
		log.Fatal(err)
	}
	point := tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float32{0, 0}))
	digit, err := decoder.Predict(context.Background(), point)
	if err != nil {
		log.Fatal(err)
	}
	for i, logit := range digit.Float32s() {
		fmt.Print(map[bool]string{true: "##", false: "  "}[logit > 0])
		if i%28 == 27 {
			fmt.Println()
		}
	}
}

`
