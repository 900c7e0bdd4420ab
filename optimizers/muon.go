package optimizers

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/settings"
)

// Muon updates matrices by the orthogonal matrix nearest to their momentum, so that all directions of the update have about the
// same size (Jordan et al., 2024, "Muon: an optimizer for hidden layers in neural networks"):
//
//	m = momentum·m + (1-momentum)·g
//	u = momentum·m + (1-momentum)·g    u = m without Nesterov
//	u = UVᵀ, roughly, where USVᵀ is the singular value decomposition of u
//	w = w - lr·weightDecay·w - lr·√max(1, out/in)·u
//
// A few Newton-Schulz iterations compute UVᵀ from matrix products alone, with singular values between 0.7 and 1.2. A matrix is a
// parameter of two dimensions (in, out). All other parameters have another rule, whose learning rate keeps its ratio to Muon's.
// The authors leave the embedding and the last layer to that rule too, which Groups can do:
//
//	optimizers.Groups{
//		{Match: "embedding1", Optimizer: optimizers.AdamW{}},
//		{Match: "head", Optimizer: optimizers.AdamW{}},
//		{Match: "*", Optimizer: optimizers.Muon{}},
//	}
type Muon struct {
	LearningRate float64         // default 0.02
	Momentum     float64         // fraction of the momentum that a step keeps; default 0.95
	NoNesterov   bool            // uses the momentum as it is
	Iterations   int             // of Newton and Schulz; default 5
	WeightDecay  float64         // decoupled; default 0
	Other        graph.Optimizer // rule of the parameters that are not matrices; nil means AdamW{}
}

var (
	_ rule               = Muon{}
	_ graph.WholeUpdater = Muon{}
)

// Rate implements graph.Optimizer.
func (m Muon) Rate() float64 { return settings.Or(m.LearningRate, 0.02) }

// Slots implements graph.Optimizer.
func (m Muon) Slots() int { return max(1, m.other().Slots()) }

// Whole implements graph.WholeUpdater.
func (m Muon) Whole(name string, shape []int) bool {
	return len(shape) == 2 || needsWhole(m.other(), name, shape)
}

// Update32 implements graph.Optimizer.
func (m Muon) Update32(u graph.Update[float32]) {
	if isMatrix(u) {
		muon(m, u)
		return
	}
	other := m.other()
	u.Rate, u.Slots = u.Rate*other.Rate()/m.Rate(), u.Slots[:other.Slots()]
	scaled(other, u, other.Update32)
}

// Update64 implements graph.Optimizer.
func (m Muon) Update64(u graph.Update[float64]) {
	if isMatrix(u) {
		muon(m, u)
		return
	}
	other := m.other()
	u.Rate, u.Slots = u.Rate*other.Rate()/m.Rate(), u.Slots[:other.Slots()]
	scaled(other, u, other.Update64)
}

// isMatrix reports whether an Update is for a whole matrix. A large one comes in pieces, as all parameters do, if a wrapper that is
// not a graph.OptimizerWrapper hides the rule.
func isMatrix[T graph.Float](u graph.Update[T]) bool {
	return len(u.Shape) == 2 && len(u.Weights) == u.Shape[0]*u.Shape[1]
}

// other returns the rule of the parameters that are not matrices.
func (m Muon) other() graph.Optimizer {
	if m.Other != nil {
		return m.Other
	}
	return AdamW{}
}

// ScalesGrad implements graph.GradScaler: if the other rule does not scale gradients, Muon does it for it.
func (Muon) ScalesGrad() {}

// Validate returns an error that names the first setting outside its range.
func (m Muon) Validate() error {
	if err := (Group{Match: "*", Optimizer: m.other()}).validate(); err != nil {
		return fmt.Errorf("optimizers: Muon: Other: %s", strings.TrimPrefix(err.Error(), "optimizers: "))
	}
	if _, ok := m.other().(graph.ParamChecker); ok {
		return errors.New("optimizers: Muon: Other: got one that depends on parameters' names, want Groups around Muon")
	}
	return settings.CheckIn("optimizers: Muon",
		settings.AtLeast("LearningRate", m.LearningRate, 0), settings.Decay("Momentum", m.Momentum),
		settings.Count("Iterations", m.Iterations, 0), settings.AtLeast("WeightDecay", m.WeightDecay, 0))
}

func muon[T graph.Float](m Muon, u graph.Update[T]) {
	rows, cols, n := u.Shape[0], u.Shape[1], len(u.Weights)
	small := min(rows, cols)
	memory := scratchOf[T](2*n + 2*small*small)
	defer memory.free()
	x, y, s := memory.data[:n], memory.data[n:2*n], memory.data[2*n:]
	momentum := settings.Or(m.Momentum, 0.95)
	keep, rest, scale, tiny := T(momentum), T(1-momentum), T(u.Scale), smallestNormal[T]()
	mean := u.Slots[0]
	for i, g := range u.Grad {
		g *= scale
		mean[i] = flush(keep*mean[i]+rest*g, tiny)
		x[i] = mean[i]
		if !m.NoNesterov {
			x[i] = keep*mean[i] + rest*g
		}
	}
	o := orthogonal(kernels.Dense(x, rows, cols), y, s, settings.Or(m.Iterations, 5))
	rate := T(u.Rate * math.Sqrt(max(1, float64(cols)/float64(rows))))
	shrink := T(1 - u.Rate*m.WeightDecay)
	for i, w := range u.Weights {
		u.Weights[i] = shrink*w - rate*o[i]
	}
}

// orthogonal returns the elements of a matrix near UVᵀ, where x = USVᵀ, by iterations of Newton and Schulz with a polynomial of
// the fifth degree that brings every singular value near 1 quickly:
//
//	x = x/‖x‖
//	a = x·xᵀ
//	x = 3.4445·x + (-4.775·a + 2.0315·a²)·x
//
// If x has more rows than columns, the products are those of its transpose. It changes x, y, which has the size of x, and s, which
// has twice the size of a.
func orthogonal[T graph.Float](x kernels.Matrix[T], y, s []T, iterations int) []T {
	norm := math.Sqrt(kernels.DotFloat64(x.Data, x.Data))
	kernels.Scale(x.Data, x.Data, T(1/(norm+1e-7)))
	next := kernels.Dense(y, x.Rows, x.Cols)
	n := min(x.Rows, x.Cols)
	a, b := kernels.Dense(s[:n*n], n, n), kernels.Dense(s[n*n:2*n*n], n, n)
	for range iterations {
		if x.Rows <= x.Cols {
			kernels.MatMul(nil, a, x, x.Transposed(), 1, 0, nil)
		} else {
			kernels.MatMul(nil, a, x.Transposed(), x, 1, 0, nil)
		}
		copy(b.Data, a.Data)
		kernels.MatMul(nil, b, a, a, 2.0315, -4.775, nil)
		copy(next.Data, x.Data)
		if x.Rows <= x.Cols {
			kernels.MatMul(nil, next, b, x, 1, 3.4445, nil)
		} else {
			kernels.MatMul(nil, next, x, b, 1, 3.4445, nil)
		}
		x, next = next, x
	}
	return x.Data
}
