package optimizers

import (
	"context"
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/optimize"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
	"github.com/nndiy/nndiy/internal/tensors"
)

// LBFGS minimizes the training loss over a whole dataset by the quasi-Newton method L-BFGS (Liu and Nocedal, 1989, "On the limited
// memory BFGS method for large scale optimization"; the implementation is that of gonum/optimize). It is for smooth losses of
// models with few parameters on data that do not change from step to step, as in physics-informed networks, often after some
// epochs of Adam. It is not a graph.Optimizer: the model needs none, and the state of one that it has stays as it is, except that
// averages of the weights become the weights: it begins at what the model predicts with.
//
//	history, err := optimizers.LBFGS{Iterations: 500}.Fit(ctx, model, data)
//
// Compile the model with DType tensor.Float64: with float32 the loss is too coarse to be minimized to more than about 6 digits.
type LBFGS struct {
	Iterations int     // most iterations; default 100
	Memory     int     // differences of positions and gradients that the method keeps; default 10
	Tolerance  float64 // ends when no element of the gradient is larger; default 1e-9
	BatchSize  int     // samples in one computation of gradients; each iteration uses all samples; 0 means the whole set
}

// Fit changes the parameters of a model that are trained and not frozen. It returns the loss after each iteration, as train_loss
// of a History. It ends after Iterations, when the gradient is within Tolerance, or when the loss can no longer be made smaller:
// by a millionth of it in 20 iterations, or at all by a search along the direction of the method. The model then has the parameters
// of the smallest loss found, also if ctx ends before, which is an error.
//
// The loss is that of training, a mean over all samples, or over the elements that count, whatever BatchSize is: layers compute as in
// training, with the same noise in each iteration, and states such as running statistics do not change. Nothing else may train the
// model meanwhile. If a model has several losses and one of them a mask, BatchSize may have to be 0; see graph.Model.GradientsOver.
func (l LBFGS) Fit(ctx context.Context, m *graph.Model, data graph.Dataset) (graph.History, error) {
	if err := l.validate(); err != nil {
		return graph.History{}, err
	}
	if ctx == nil || m == nil || settings.IsNil(data) || data.Len() == 0 {
		return graph.History{}, errors.New("optimizers: LBFGS: got no context, no model or no data, want all three")
	}
	p := &objective{ctx: ctx, model: m, data: data, size: l.BatchSize, weights: m.Weights()}
	x, err := p.start()
	if err != nil {
		return graph.History{}, fmt.Errorf("optimizers: LBFGS: %w", err)
	}
	result, err := optimize.Minimize(
		optimize.Problem{
			Func:   func(x []float64) float64 { p.at(x); return p.loss },
			Grad:   func(grad, x []float64) { p.at(x); copy(grad, p.grad) },
			Status: func() (optimize.Status, error) { return optimize.NotTerminated, p.err },
		},
		x,
		&optimize.Settings{
			MajorIterations: settings.Or(l.Iterations, 100), GradientThreshold: settings.Or(l.Tolerance, 1e-9), Recorder: p,
			Converger: &optimize.FunctionConverge{Relative: 1e-6, Iterations: 20},
		},
		&optimize.LBFGS{Store: settings.Or(l.Memory, 10)},
	)
	if p.err == nil && result == nil {
		return p.history, fmt.Errorf("optimizers: LBFGS: %w", err)
	}
	if result != nil && result.X != nil { // an error of the search means that it found nothing better
		if err := p.set(result.X); err != nil {
			return p.history, fmt.Errorf("optimizers: LBFGS: %w", err)
		}
	}
	if p.err != nil {
		return p.history, fmt.Errorf("optimizers: LBFGS: %w", p.err)
	}
	return p.history, nil
}

func (l LBFGS) validate() error {
	return settings.CheckIn("optimizers: LBFGS", settings.Count("Iterations", l.Iterations, 0), settings.Count("Memory", l.Memory, 0),
		settings.AtLeast("Tolerance", l.Tolerance, 0), settings.Count("BatchSize", l.BatchSize, 0))
}

// An objective is the loss of a model as a function of one vector of all trained parameters.
type objective struct {
	ctx     context.Context
	model   *graph.Model
	data    graph.Dataset
	size    int
	weights graph.Weights // all parameters of the model
	names   []string      // the trained ones, in the order in which the vector has them

	x       []float64 // where loss and grad were computed
	loss    float64   // +Inf if it is not a number
	grad    []float64
	err     error // ends the search
	history graph.History
}

// start computes the loss at the model's parameters and returns them as a vector. If an optimizer averages them, the gradients are
// those at the weights that it trains, so these become the averages first.
func (p *objective) start() (x []float64, err error) {
	if err := p.ctx.Err(); err != nil {
		return nil, err
	}
	if err := p.model.SetWeights(p.weights); err != nil {
		return nil, err
	}
	if err := p.compute(); err != nil {
		return nil, err
	}
	for _, name := range p.names {
		values, err := tensors.Float64s(p.weights[name])
		if err != nil {
			return nil, err
		}
		x = append(x, values...)
	}
	switch {
	case len(x) == 0:
		return nil, errors.New("got a model without parameters to train")
	case math.IsInf(p.loss, 0):
		return nil, errors.New("got a loss that is not finite at the start")
	}
	p.x = append([]float64{}, x...)
	return x, nil
}

// at computes the loss and the gradient at x, unless they are those of the last call.
func (p *objective) at(x []float64) {
	same := len(x) == len(p.x)
	for i := 0; same && i < len(x); i++ {
		same = x[i] == p.x[i]
	}
	if same || p.err != nil {
		return
	}
	if p.err = p.set(x); p.err == nil {
		p.err = p.compute()
	}
	p.x = append(p.x[:0], x...)
}

// set gives the model the parameters x.
func (p *objective) set(x []float64) error {
	for _, name := range p.names {
		w := p.weights[name]
		n := w.Shape().TotalSize()
		tensors.Set(w, x[:n])
		x = x[n:]
	}
	return p.model.SetWeights(p.weights)
}

// compute computes the loss and its gradient at the model's parameters.
func (p *objective) compute() error {
	if err := p.ctx.Err(); err != nil {
		return err
	}
	loss, grads, err := p.model.GradientsOver(p.ctx, p.data, p.size)
	if err != nil {
		return err
	}
	if p.names == nil {
		p.names = grads.Names()
	}
	if p.loss = loss; math.IsNaN(loss) {
		p.loss = math.Inf(1)
	}
	p.grad = p.grad[:0]
	for _, name := range p.names {
		if grads[name] == nil {
			return fmt.Errorf("parameter %s was frozen during the search", name)
		}
		g, err := tensors.Float64s(grads[name])
		if err != nil {
			return err
		}
		p.grad = append(p.grad, g...)
	}
	return nil
}

// Init implements optimize.Recorder.
func (p *objective) Init() error { return nil }

// Record implements optimize.Recorder: it keeps the loss after each iteration.
func (p *objective) Record(l *optimize.Location, op optimize.Operation, stats *optimize.Stats) error {
	end := op == optimize.PostIteration && stats.MajorIterations > len(p.history.Logs) // MajorIteration is left out of the last one
	if op == optimize.MajorIteration || end {
		p.history.Logs = append(p.history.Logs, graph.Logs{"train_loss": l.F})
	}
	return nil
}
