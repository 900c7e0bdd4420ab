package draw

import (
	"github.com/nndiy/nndiy/experiments/playground/internal/digits"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/trainer"
	"github.com/nndiy/nndiy/graph"
)

// A reader reads images: a classifier, and a second model over its parameters that finds what decided.
type reader struct {
	*graph.Model
	saliency *graph.Model
}

// newReader compiles both models.
func newReader(net graph.Layer, cfg graph.Config) (*reader, error) {
	cfg.Input = []int{digits.Pixels}
	m, err := graph.Compile(net, cfg)
	if err != nil {
		return nil, err
	}
	s, err := graph.Compile(saliency(net), graph.Config{Input: cfg.Input, Params: m.Params()})
	return &reader{m, s}, err
}

// saliency returns the network whose output is how strongly each pixel decides: the absolute value of the derivative, with respect
// to it, of the largest output before Softmax (Simonyan et al. 2014).
func saliency(net graph.Layer) graph.Layer {
	return graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		logits, _ := net.Emit(s, x).Logits()
		return graph.Grad(logits.Max(1).Sum(), x)[0].Abs()
	})
}

// read returns the probabilities of the ten digits.
func (r *reader) read(image []float32) ([]float32, error) { return trainer.Predict(r.Model, 1, image) }

// decisive returns the saliency of each pixel, divided by the largest one.
func (r *reader) decisive(image []float32) ([]float32, error) {
	s, err := trainer.Predict(r.saliency, 1, image)
	if err != nil {
		return nil, err
	}
	most := float32(0)
	for _, v := range s {
		most = max(most, v)
	}
	for i := range s {
		if most > 0 {
			s[i] /= most
		}
	}
	return s, nil
}

// filters returns what the first layer looks for, as images of side·side pixels in one row: the convolution's filters, or the
// weights of the first 32 units.
func (r *reader) filters() (pixels []float32, count, side int) {
	w := r.Weights()
	if c, ok := w["conv2d1/weight"]; ok {
		return c.Float32s(), c.Shape()[0], c.Shape()[2]
	}
	const units = 32
	d := w["dense1/weight"]
	all, width := d.Float32s(), d.Shape()[1]
	pixels = make([]float32, units*digits.Pixels)
	for u := range units {
		for i := range digits.Pixels {
			pixels[u*digits.Pixels+i] = all[i*width+u]
		}
	}
	return pixels, units, digits.Side
}
