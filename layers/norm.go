package layers

import "github.com/nndiy/nndiy/graph"

// LayerNorm gives each sample's last dimensions the mean 0 and the variance 1, then each element a scale and an offset of
// its own (Ba et al. 2016). Its parameters, weight and bias, have the shape of these dimensions.
type LayerNorm struct {
	Dims     int     // how many of the last dimensions are normalized together; 0 is 1
	Epsilon  float64 // added to the variance; 0 is 1e-5
	NoAffine bool    // no scale and offset
}

// Emit implements graph.Layer.
func (l LayerNorm) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if l.Dims == 0 {
		l.Dims = 1
	}
	if l.Dims < 1 || l.Dims >= x.Rank() {
		return x.Errorf("Dims: got %d for shape %v, want 1 or more and the batch apart", l.Dims, x.Shape())
	}
	epsilon, x := positive(x, "Epsilon", l.Epsilon, 1e-5)
	if x.Err() != nil {
		return x
	}
	shape := x.Shape()
	last := shape[len(shape)-l.Dims:]
	size := 1
	for _, n := range last {
		size *= n
	}
	y := standardized(x.Reshape(-1, size), epsilon).Reshape(shape...)
	if l.NoAffine {
		return y
	}
	return y.Mul(s.Param("weight", graph.Ones, last...)).Add(s.Param("bias", graph.Zeros, last...))
}

// standardized gives each row the mean 0 and the variance 1.
func standardized(x graph.Node, epsilon float64) graph.Node {
	d := x.Sub(x.Mean(-1).Expand(-1))
	return d.Mul(d.Square().Mean(-1).Shift(epsilon).Sqrt().Reciprocal().Expand(-1))
}

// GroupNorm gives each group of a sample's channels the mean 0 and the variance 1, then each channel a scale and an offset
// of its own (Wu & He 2018): (batch, channels, space...). Its parameters are weight and bias, (channels).
type GroupNorm struct {
	Groups   int     // a divisor of the channels; 0 is 1
	Epsilon  float64 // added to the variance; 0 is 1e-5
	NoAffine bool    // no scale and offset
}

// Emit implements graph.Layer.
func (g GroupNorm) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if g.Groups == 0 {
		g.Groups = 1
	}
	switch {
	case x.Rank() < 2:
		return x.Errorf("got shape %v, want (batch, channels, space...)", x.Shape())
	case g.Groups < 1 || x.Dim(1)%g.Groups != 0:
		return x.Errorf("Groups: got %d for %d channels, want a divisor", g.Groups, x.Dim(1))
	}
	epsilon, x := positive(x, "Epsilon", g.Epsilon, 1e-5)
	y := standardized(x.Reshape(x.Dim(0)*g.Groups, -1), epsilon).Reshape(x.Shape()...)
	if g.NoAffine {
		return y
	}
	dims, c := x.Rank()-2, x.Dim(1)
	return y.Mul(perChannel(s.Param("weight", graph.Ones, c), dims)).Add(perChannel(s.Param("bias", graph.Zeros, c), dims))
}

// RMSNorm divides the last dimension by its root mean square, then gives each element a scale of its own (Zhang & Sennrich
// 2019). Its parameter is weight, of the size of that dimension.
type RMSNorm struct {
	Epsilon  float64 // added to the mean square; 0 is 1e-6
	NoAffine bool    // no scale
}

// Emit implements graph.Layer.
func (r RMSNorm) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if x.Rank() < 2 {
		return x.Errorf("got shape %v, want (batch, ..., features)", x.Shape())
	}
	epsilon, x := positive(x, "Epsilon", r.Epsilon, 1e-6)
	y := x.Mul(x.Square().Mean(-1).Shift(epsilon).Sqrt().Reciprocal().Expand(-1))
	if r.NoAffine {
		return y
	}
	return y.Mul(s.Param("weight", graph.Ones, x.Dim(-1)))
}
