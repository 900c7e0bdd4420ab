package optimizers

import (
	"errors"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/settings"
)

// Clip limits gradients before another optimizer uses them. The limits apply in the order of the fields; 0 means no limit.
//
// A Clip of a Clip applies the smaller of the two limits in each field.
type Clip struct {
	Optimizer  graph.Optimizer // the rule that gets the clipped gradients
	Value      float64         // limits each element to [-Value, Value]
	Norm       float64         // limits the Euclidean norm of each parameter's gradient
	GlobalNorm float64         // limits the Euclidean norm of all gradients together
}

var (
	_ rule           = Clip{}
	_ graph.Clipper  = Clip{}
	_ graph.Averager = Clip{}
)

// Clip implements graph.Clipper.
func (c Clip) Clip() graph.Clipping {
	limits := graph.Clipping{Value: c.Value, Norm: c.Norm, GlobalNorm: c.GlobalNorm}
	if inner, ok := c.Optimizer.(graph.Clipper); ok {
		in := inner.Clip()
		limits.Value = tighter(limits.Value, in.Value)
		limits.Norm = tighter(limits.Norm, in.Norm)
		limits.GlobalNorm = tighter(limits.GlobalNorm, in.GlobalNorm)
	}
	return limits
}

// tighter returns the smaller of two limits, where 0 means no limit.
func tighter(a, b float64) float64 {
	if a == 0 || b == 0 {
		return a + b
	}
	return min(a, b)
}

// Average implements graph.Averager: it returns the slot of the inner rule, or -1 if that keeps no average.
func (c Clip) Average() int {
	if a, ok := c.Optimizer.(graph.Averager); ok {
		return a.Average()
	}
	return -1
}

// Rate implements graph.Optimizer.
func (c Clip) Rate() float64 { return c.Optimizer.Rate() }

// Slots implements graph.Optimizer.
func (c Clip) Slots() int { return c.Optimizer.Slots() }

// Update32 implements graph.Optimizer.
func (c Clip) Update32(u graph.Update[float32]) { scaled(c.Optimizer, u, c.Optimizer.Update32) }

// Update64 implements graph.Optimizer.
func (c Clip) Update64(u graph.Update[float64]) { scaled(c.Optimizer, u, c.Optimizer.Update64) }

// ScalesGrad implements graph.GradScaler: if the inner rule does not scale gradients, Clip does it for it.
func (Clip) ScalesGrad() {}

// Validate returns an error that names the first setting outside its range, of Clip or of the inner rule.
func (c Clip) Validate() error {
	if c.Optimizer == nil {
		return errors.New("optimizers: Clip: Optimizer: got nil, want the rule that gets the clipped gradients")
	}
	err := settings.CheckIn("optimizers: Clip",
		settings.AtLeast("Value", c.Value, 0), settings.AtLeast("Norm", c.Norm, 0),
		settings.AtLeast("GlobalNorm", c.GlobalNorm, 0))
	if inner, ok := c.Optimizer.(interface{ Validate() error }); ok && err == nil {
		err = inner.Validate()
	}
	return err
}

// scaled calls update with u, or with pieces of u whose gradient is scaled if the rule does not scale gradients itself.
func scaled[T graph.Float](rule graph.Optimizer, u graph.Update[T], update func(graph.Update[T])) {
	if _, ok := rule.(graph.GradScaler); ok || u.Scale == 1 {
		update(u)
		return
	}
	const most = 4096 // elements of a piece; few enough to stay in the cache between scaling and update
	n := len(u.Weights)
	grad, slots := make([]T, min(n, most)), make([][]T, len(u.Slots))
	for lo := 0; lo < n; lo += most {
		hi := min(lo+most, n)
		piece := graph.Update[T]{Weights: u.Weights[lo:hi], Grad: grad[:hi-lo], Slots: slots, Rate: u.Rate, Step: u.Step, Scale: 1}
		kernels.Scale(piece.Grad, u.Grad[lo:hi], T(u.Scale))
		for i, s := range u.Slots {
			slots[i] = s[lo:hi]
		}
		update(piece)
	}
}
