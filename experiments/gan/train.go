package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/sheet"
	"github.com/nndiy/nndiy/graph"
)

// A training is how the training went.
type training struct {
	lab.Training
	discriminator, generator []float64   // mean losses of each epoch
	progress                 []sheet.Row // images from the same noise, at several epochs
}

const moments = 6 // rows of the progress

// train trains for all epochs, with learning rates that fall linearly to 0. Ctrl-C ends it, but not the lab.
func (g *game) train(l *lab.Lab, data graph.Arrays) (*training, error) {
	t, watch, same := &training{}, &lab.Stopwatch{}, g.noise(columns)
	shuffle, rate := rand.New(rand.NewPCG(l.Seed, 2)), l.LR/float64(l.Epochs)
	watch.Handle(nil, graph.TrainBegin)
	var err error
	for e := 0; e < l.Epochs && err == nil; e++ {
		if err = g.epoch(l, t, data, rate*float64(l.Epochs-e), shuffle, watch); err == nil && (e+1)*moments/l.Epochs > e*moments/l.Epochs {
			err = t.draw(l, g, fmt.Sprintf("epoch %d", e+1), same)
		}
	}
	watch.Handle(nil, graph.TrainEnd)
	t.Training, err = l.Finish(watch, len(t.generator), err)
	return t, err
}

// epoch trains for one epoch.
func (g *game) epoch(l *lab.Lab, t *training, data graph.Arrays, rate float64, shuffle *rand.Rand, watch *lab.Stopwatch) error {
	for _, m := range []*graph.Model{g.judge, g.deceiver} {
		if err := m.SetRate(rate); err != nil {
			return err
		}
	}
	run := &graph.Run{}
	watch.Handle(run, graph.EpochBegin)
	var d, s float64
	for b, err := range data.Batches(l.Batch, shuffle) {
		if err != nil {
			return err
		}
		one, other, err := g.round(l.Context, b.X)
		if err != nil {
			return err
		}
		n := b.X.Shape()[0]
		d, s, run.Samples = d+one*float64(n), s+other*float64(n), run.Samples+n
		watch.Handle(run, graph.StepEnd)
	}
	watch.Handle(run, graph.EpochEnd)
	t.discriminator, t.generator = append(t.discriminator, d/float64(run.Samples)), append(t.generator, s/float64(run.Samples))
	_, err := fmt.Fprintf(l.Stdout, "epoch %d/%d  discriminator_loss %.4f  generator_loss %.4f\n", len(t.generator), l.Epochs, d/float64(run.Samples), s/float64(run.Samples))
	return err
}

// draw adds images to the progress.
func (t *training) draw(l *lab.Lab, g *game, caption string, noise *graph.Tensor) error {
	images, err := g.generator.Predict(l.Context, noise)
	if err != nil {
		return err
	}
	var all []int
	for i := range columns {
		all = append(all, i)
	}
	t.progress = append(t.progress, sheet.Pick(caption, images, all))
	return nil
}
