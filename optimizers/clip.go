package optimizers

import (
	"errors"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/settings"
)

// Clip limits gradients before another optimizer uses them. The limits apply in the order of the fields; 0 means no limit.
//
// A Clip inside a Clip or an EMA works too: of several limits of one kind the smallest counts.
type Clip struct {
	Optimizer  graph.Optimizer // the rule that gets the clipped gradients
	Value      float64         // limits each element to [-Value, Value]
	Norm       float64         // limits the Euclidean norm of each parameter's gradient
	GlobalNorm float64         // limits the Euclidean norm of all gradients together
}

var (
	_ rule                   = Clip{}
	_ graph.Clipper          = Clip{}
	_ graph.OptimizerWrapper = Clip{}
)

// Clip implements graph.Clipper.
func (c Clip) Clip() graph.Clipping {
	return graph.Clipping{Value: c.Value, Norm: c.Norm, GlobalNorm: c.GlobalNorm}
}

// Unwrap implements graph.OptimizerWrapper.
func (c Clip) Unwrap() graph.Optimizer { return c.Optimizer }

// Rate implements graph.Optimizer.
func (c Clip) Rate() float64 { return ruleOf(c.Optimizer).Rate() }

// Slots implements graph.Optimizer.
func (c Clip) Slots() int { return ruleOf(c.Optimizer).Slots() }

// Update32 implements graph.Optimizer.
func (c Clip) Update32(u graph.Update[float32]) { scaled(c.Optimizer, u, ruleOf(c.Optimizer).Update32) }

// Update64 implements graph.Optimizer.
func (c Clip) Update64(u graph.Update[float64]) { scaled(c.Optimizer, u, ruleOf(c.Optimizer).Update64) }

// ScalesGrad implements graph.GradScaler: if the inner rule does not scale gradients, Clip does it for it.
func (Clip) ScalesGrad() {}

// Validate returns an error that names the first setting outside its range.
func (c Clip) Validate() error {
	if c.Optimizer == nil {
		return errors.New("optimizers: Clip: Optimizer: got nil, want the rule that gets the clipped gradients")
	}
	return settings.CheckIn("optimizers: Clip",
		settings.AtLeast("Value", c.Value, 0), settings.AtLeast("Norm", c.Norm, 0),
		settings.AtLeast("GlobalNorm", c.GlobalNorm, 0))
}

// scaled calls update with u, or with pieces of u whose gradient is scaled if the rule does not scale gradients itself.
func scaled[T graph.Float](rule graph.Optimizer, u graph.Update[T], update func(graph.Update[T])) {
	if _, ok := rule.(graph.GradScaler); ok || u.Scale == 1 {
		update(u)
		return
	}
	most := 4096 // elements of a piece; few enough to stay in the cache between scaling and update
	if needsWhole(rule, u.Name, u.Shape) {
		most = len(u.Weights)
	}
	n := len(u.Weights)
	memory := scratchOf[T](min(n, most))
	defer memory.free()
	piece, slots := u, make([][]T, len(u.Slots))
	piece.Slots, piece.Scale = slots, 1
	for lo := 0; lo < n; lo += most {
		hi := min(lo+most, n)
		piece.Weights, piece.Grad = u.Weights[lo:hi], memory.data[:hi-lo]
		kernels.Scale(piece.Grad, u.Grad[lo:hi], T(u.Scale))
		for i, s := range u.Slots {
			slots[i] = s[lo:hi]
		}
		update(piece)
	}
}
