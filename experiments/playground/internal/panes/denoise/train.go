package denoise

import (
	"bytes"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/playground/internal/digits"
	"github.com/nndiy/nndiy/experiments/playground/internal/nets"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/trainer"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// load reads the files.
func (p *Pane) load(file, weights []byte) error {
	set, err := digits.Read(file)
	if err != nil {
		return err
	}
	ready, err := graph.Compile(nets.UNet(), graph.Config{Input: []int{digits.Pixels}})
	if err != nil {
		return err
	}
	if err := ready.Load(bytes.NewReader(weights)); err != nil {
		return err
	}
	p.set, p.ready = set, ready
	return nil
}

// most is the largest amount of noise in training; each image has its own.
const most = 0.95

// tested is the amount of noise of the test images.
const tested = 0.5

// begin makes a new network.
func (p *Pane) begin(s trainer.Settings) (*trainer.Trainer, error) {
	own, err := graph.Compile(network(s), graph.Config{
		Input:     []int{digits.Pixels},
		Loss:      losses.BinaryCrossEntropy{},
		Optimizer: optimizers.Adam{LearningRate: s.Rate},
		Seed:      s.Seed,
	})
	if err != nil {
		return nil, err
	}
	clean, n := p.set.Test.X().Float32s(), p.set.Test.Len()
	noisy := make([]float32, 0, len(clean))
	for i := range n {
		noisy = append(noisy, replace(clean[i*digits.Pixels:][:digits.Pixels], tested, uint64(i))...)
	}
	gain := func(row int, y []float32) float64 {
		from := row * digits.Pixels
		return psnr(y, clean[from:]) - psnr(noisy[from:][:digits.Pixels], clean[from:])
	}
	p.own = own
	return &trainer.Trainer{
		Model: own, Batch: s.Batch, Seed: s.Seed,
		Data:  datasets.PixelNoise{Clean: graph.Arrays{X: p.set.Train.X()}, UpTo: most},
		Judge: &trainer.Judge{X: noisy, Images: n, Score: gain},
	}, nil
}

// network returns the network's layers.
func network(s trainer.Settings) graph.Layer {
	if s.Network == "dense" {
		return nets.Narrow()
	}
	return nets.UNet()
}

// state reports the training, with the array losses. Its score is how much the PSNR of test images rises, in dB, of whose pixels half
// are replaced.
func (p *Pane) state() panes.Reply {
	s, losses := p.Train.State(p.Settings, program(p.Settings))
	return panes.Reply{Value: s, Arrays: map[string][]float32{"losses": losses}}
}
