package callbacks

import (
	"fmt"
	"math"
	"strings"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// GradientNorms measures the Euclidean norms of the gradients, before clipping, and adds their means over the measured steps of an
// epoch to the logs: "gradient_norm" of all parameters together, which is what a clipping by GlobalNorm compares, and
// "gradient_norm/encoder/dense1" of the parameters of a layer encoder/dense1. So TensorBoard, JSONL and CSVLog write them, and
// the history has them. Put it before those, and after Progress, whose line would get long. A norm that grows shows where training
// is about to diverge, one close to 0 a layer that does not learn.
type GradientNorms struct {
	Every      int  // steps between two measurements, each of which is a pass over the gradients; 0 means 1, every step
	Parameters bool // a value for each parameter, such as "gradient_norm/dense1/weight", in place of one for each layer

	sums    graph.Logs
	count   int
	waiting bool // for an update to measure
}

var _ graph.Stateful = (*GradientNorms)(nil)

// Handle implements graph.Callback.
func (g *GradientNorms) Handle(r *graph.Run, e graph.Event) error {
	switch e {
	case graph.TrainBegin:
		g.sums, g.count, g.waiting = nil, 0, false
		if err := settings.Check(settings.Count("Every", g.Every, 0)); err != nil {
			return fmt.Errorf("callbacks: GradientNorms: %w", err)
		}
	case graph.StepBegin:
		if g.waiting = g.waiting || r.Total%settings.Or(g.Every, 1) == 0; g.waiting {
			r.MeasureGradients()
		}
	case graph.StepEnd:
		if r.GradientNorms == nil || !g.waiting {
			return nil
		}
		if g.sums == nil {
			g.sums = graph.Logs{}
		}
		for name, v := range gradientNorms(r.GradientNorms, g.Parameters) {
			g.sums[name] += v
		}
		g.count++
		g.waiting = false
	case graph.EpochEnd:
		for name, v := range g.sums {
			r.Logs[name] = v / float64(g.count)
		}
		g.sums, g.count = nil, 0
	}
	return nil
}

// State implements graph.Stateful.
func (g *GradientNorms) State() graph.Saved {
	return graph.Saved{"sums": (*map[string]float64)(&g.sums), "count": &g.count, "waiting": &g.waiting}
}

// gradientName is the log name of the norm of all gradients, and begins the names of the others.
const gradientName = "gradient_norm"

// gradientNorms returns the norms of all gradients together and of those of each layer, or of each parameter, from those of the
// parameters by their names.
func gradientNorms(of graph.Logs, parameters bool) graph.Logs {
	if of == nil {
		return nil
	}
	squares := graph.Logs{gradientName: 0}
	for _, parameter := range of.Names() {
		name := gradientName
		if i := strings.LastIndexByte(parameter, '/'); parameters {
			name += "/" + parameter
		} else if i >= 0 {
			name += "/" + parameter[:i]
		}
		square := of[parameter] * of[parameter]
		squares[gradientName] += square
		if name != gradientName {
			squares[name] += square
		}
	}
	for name, v := range squares {
		squares[name] = math.Sqrt(v)
	}
	return squares
}
