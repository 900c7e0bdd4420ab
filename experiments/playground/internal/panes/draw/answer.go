package draw

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/experiments/playground/internal/digits"
	"github.com/nndiy/nndiy/experiments/playground/internal/ink"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/trainer"
)

// An Answer is what the network says about an image.
type Answer struct {
	Class         int       `json:"class"` // the most probable digit; -1 if nothing was drawn
	Probabilities []float32 `json:"probabilities"`
	Label         int       `json:"label"` // the right digit of a test image; -1 for a drawing
}

// drawing reads what was drawn.
func (p *Pane) drawing(a arguments) (panes.Reply, error) {
	image, err := ink.Image(a.Strokes)
	if err != nil {
		return panes.Reply{}, err
	}
	r, err := p.read(image, a)
	if answer, ok := r.Value.(Answer); ok && !slices.ContainsFunc(image, func(v float32) bool { return v > 0 }) {
		answer.Class = -1
		r.Value = answer
	}
	return r, err
}

// read answers what an image of 28×28 pixels shows. The reply has the image, and the saliency if it is asked for.
func (p *Pane) read(image []float32, a arguments) (panes.Reply, error) {
	by := p.ready
	if a.Own {
		by = p.own
	}
	r := panes.Reply{Arrays: map[string][]float32{"image": image}}
	y, err := by.read(image)
	if err != nil {
		return r, err
	}
	answer := Answer{Class: best(y), Probabilities: y, Label: -1}
	if a.Saliency {
		if r.Arrays["saliency"], err = by.decisive(image); err != nil {
			return r, err
		}
	}
	r.Value = answer
	return r, nil
}

// test reads a test image.
func (p *Pane) test(a arguments) (panes.Reply, error) {
	if a.Index < 0 || a.Index >= p.set.Test.Len() {
		return panes.Reply{}, fmt.Errorf("index: got %d, want 0 to %d", a.Index, p.set.Test.Len()-1)
	}
	image := make([]float32, digits.Pixels)
	for i, v := range p.set.Test.Pixels[a.Index*digits.Pixels:][:digits.Pixels] {
		image[i] = float32(v) / 255
	}
	r, err := p.read(image, a)
	if answer, ok := r.Value.(Answer); ok {
		answer.Label = int(p.set.Test.Labels[a.Index])
		r.Value = answer
	}
	return r, err
}

// A State is the progress of training, and the number of filters. Its score is the accuracy, from 0 to 1.
type State struct {
	trainer.State
	Count int `json:"filters"` // number of images in the array filters
	Side  int `json:"side"`    // height and width of each
}

// state reports the training, with the arrays losses and filters.
func (p *Pane) state() panes.Reply {
	s, losses := p.Train.State(p.Settings, program(p.Settings))
	filters, count, side := p.own.filters()
	return panes.Reply{Value: State{s, count, side}, Arrays: map[string][]float32{"losses": losses, "filters": filters}}
}
