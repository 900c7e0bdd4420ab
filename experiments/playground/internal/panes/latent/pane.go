// Package latent is the pane that shows the plane of digits: a variational auto-encoder gives each image a code of two numbers, and
// draws a digit for each point of the plane.
package latent

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/nndiy/nndiy/experiments/playground/internal/digits"
	"github.com/nndiy/nndiy/experiments/playground/internal/ink"
	"github.com/nndiy/nndiy/experiments/playground/internal/nets"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/trainer"
	"github.com/nndiy/nndiy/graph"
)

// A Pane implements panes.Pane. Its messages are
//
//	load {weights}   the file, in base64: the first message
//	at {x, y}        draws the digit of a point
//	map {columns}    draws those of a grid
//	place {strokes}  returns the point of what was drawn
type Pane struct {
	encoder, decoder *graph.Model
	codes, classes   []float32 // of test images
}

var _ panes.Pane = (*Pane)(nil)

// New returns the pane before its first message.
func New() *Pane { return &Pane{} }

// reach is the largest coordinate of the plane that the pane shows, on both axes.
const reach = 3

// arguments are those of all messages.
type arguments struct {
	Weights []byte
	X, Y    float64
	Columns int
	Strokes []ink.Stroke
}

// Handle implements panes.Pane.
func (p *Pane) Handle(op string, args json.RawMessage) (panes.Reply, error) {
	if op != "load" && p.decoder == nil {
		return panes.Reply{}, fmt.Errorf("latent: got the message %q before load", op)
	}
	r, err := p.handle(op, args)
	if err != nil {
		err = fmt.Errorf("latent: %s: %w", op, err)
	}
	return r, err
}

func (p *Pane) handle(op string, args json.RawMessage) (panes.Reply, error) {
	var a arguments
	if err := panes.Decode(args, &a); err != nil {
		return panes.Reply{}, err
	}
	switch op {
	case "load":
		return p.load(a.Weights)
	case "at":
		return p.at(a.X, a.Y)
	case "map":
		return p.plane(a.Columns)
	case "place":
		return p.place(a.Strokes)
	}
	return panes.Reply{}, panes.Unknown(op)
}

// Step implements panes.Pane: there is no training.
func (p *Pane) Step(time.Time) (bool, error) { return false, nil }

// Info is the answer to load. Its arrays are codes, two numbers for each test image, and classes.
type Info struct {
	Reach   float64 `json:"reach"`   // largest coordinate
	Weights int     `json:"weights"` // number of parameters
	Hash    string  `json:"hash"`
	Code    string  `json:"code"`
}

// load reads the weights, and the codes that are in the same file.
func (p *Pane) load(file []byte) (panes.Reply, error) {
	weights, err := graph.ReadWeights(bytes.NewReader(file))
	if err != nil {
		return panes.Reply{}, err
	}
	codes, classes := weights["codes"], weights["classes"]
	if codes == nil || classes == nil || codes.Shape().TotalSize() != 2*classes.Shape().TotalSize() {
		return panes.Reply{}, fmt.Errorf("got a file without codes and classes, want one of pretrain")
	}
	delete(weights, "codes")
	delete(weights, "classes")
	model, err := graph.Compile(nets.VAE{}, graph.Config{Input: []int{digits.Pixels}})
	if err != nil {
		return panes.Reply{}, err
	}
	if err := model.SetWeights(weights); err != nil {
		return panes.Reply{}, err
	}
	encoder, err := model.Sub("encoder")
	if err != nil {
		return panes.Reply{}, err
	}
	decoder, err := model.Sub("decoder")
	if err != nil {
		return panes.Reply{}, err
	}
	p.encoder, p.decoder, p.codes, p.classes = encoder, decoder, codes.Float32s(), classes.Float32s()
	info := Info{Reach: reach, Hash: panes.Hash(weights), Code: program()}
	for _, w := range weights {
		info.Weights += w.Shape().TotalSize()
	}
	return panes.Reply{Value: info, Arrays: map[string][]float32{"codes": p.codes, "classes": p.classes}}, nil
}

// decode draws the digits of some points, one after another, with pixels from 0 to 1.
func (p *Pane) decode(points []float32) ([]float32, error) {
	images, err := trainer.Predict(p.decoder, len(points)/2, points)
	for i, logit := range images {
		images[i] = float32(1 / (1 + math.Exp(-float64(logit))))
	}
	return images, err
}
