package onnx_test

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

func (s *sketch) padding(n int) layers.Padding {
	switch s.IntN(4) {
	case 0:
		return layers.Same
	case 1:
		var list []int
		for range n {
			list = append(list, s.between(0, 2))
		}
		return layers.Pad(list...)
	}
	return layers.Valid
}

func (s *sketch) two(least, most int) []int {
	if s.once(2) {
		return []int{s.between(least, most)}
	}
	return []int{s.between(least, most), s.between(least, most)}
}

func (s *sketch) yes() bool { return s.once(2) }

// orNone returns the list or nil.
func (s *sketch) orNone(list []int) []int {
	if s.yes() {
		return nil
	}
	return list
}

// flat returns a layer for any shape.
func (s *sketch) flat(shape []int) graph.Layer {
	rank := len(shape)
	switch s.IntN(28) {
	case 0, 1:
		return layers.Dense{Units: s.between(1, 5), NoBias: s.yes()}
	case 2:
		return layers.ReLU{}
	case 3:
		return layers.LeakyReLU{Slope: pick(s, 0, 0.3)}
	case 4:
		return layers.Softmax{Axis: pick(s, 0, -1, s.between(1, rank))}
	case 5:
		return layers.LogSoftmax{Axis: pick(s, 0, -1, s.between(1, rank))}
	case 6:
		return pick[graph.Layer](s, layers.Sigmoid{}, layers.Tanh{}, layers.Softplus{}, layers.Softsign{}, layers.Mish{}, layers.SiLU{})
	case 7:
		return layers.ELU{Alpha: pick(s, 0, 0.5, 2)}
	case 8:
		return layers.GELU{Tanh: s.yes()}
	case 9:
		return layers.LayerNorm{Dims: s.between(0, rank), Epsilon: pick(s, 0, 0.1), NoAffine: s.yes()}
	case 10:
		return layers.RMSNorm{Epsilon: pick(s, 0, 0.1), NoAffine: s.yes()}
	case 11:
		return layers.BatchNorm{Epsilon: pick(s, 0, 0.1), NoAffine: s.yes()}
	case 12:
		return layers.PReLU{Shared: s.yes(), Init: graph.Constant(0.3)}
	case 13:
		return layers.Residual{Layer: layers.Sequential{layers.Dense{Units: shape[rank-1]}, s.keeping()}}
	case 14:
		return layers.Concat{Axis: pick(s, 0, -1, rank), Layers: []graph.Layer{s.keeping(), s.keeping(), layers.Identity{}}}
	case 15:
		return layers.Add{s.keeping(), s.keeping()}
	case 16:
		return layers.Multiply{s.keeping(), s.keeping(), layers.Identity{}}
	case 17:
		return layers.Dropout{Rate: 0.3}
	case 18:
		return layers.Flatten{}
	case 19:
		return layers.Reshape{Shape: append(s.factors(count(shape)), 1)}
	case 20:
		return layers.HardSigmoid{}
	case 21:
		return layers.SELU{}
	case 22:
		n := shape[rank-1]
		l := layers.Normalize{Invert: s.yes(), Clip: pick(s, 0, 3.0)}
		for range n {
			l.Offset, l.Scale = append(l.Offset, s.NormFloat64()), append(l.Scale, 0.5+s.Float64())
		}
		return l
	case 23:
		var axes []int
		for _, a := range s.Perm(rank) {
			axes = append(axes, pick(s, a+1, a-rank))
		}
		return layers.Permute{Axes: axes}
	case 24:
		return layers.Recompute{Layer: layers.Sequential{s.keeping(), s.keeping()}}
	case 25:
		k := s.between(1, shape[rank-1])
		axis := s.between(1, rank)
		return lambda(func(x graph.Node) graph.Node {
			v, i := x.TopK(-1, k)
			return graph.Concat(axis, v, i, v)
		})
	case 26:
		axis, a, b := s.between(1, rank), s.yes(), s.yes()
		if s.yes() {
			return lambda(func(x graph.Node) graph.Node { return x.CumSum(axis, a, b) })
		}
		return lambda(func(x graph.Node) graph.Node { return x.CumProd(axis, a, b) })
	}
	axis := s.between(1, rank)
	switch s.IntN(9) {
	case 0:
		return lambda(func(x graph.Node) graph.Node { return x.Sub(x.Mean(axis).Expand(axis)) })
	case 1:
		return lambda(func(x graph.Node) graph.Node { return x.Reverse(axis) })
	case 2:
		return lambda(func(x graph.Node) graph.Node {
			return graph.Concat(axis, x.Pad(axis, 1, 2), x.Round(), x.Floor(), x.Ceil())
		})
	case 3:
		return lambda(func(x graph.Node) graph.Node { return x.LogSumExp(axis).Expand(axis) })
	case 4:
		return lambda(func(x graph.Node) graph.Node {
			return graph.Concat(axis, x.Max(axis).Expand(axis), x.Std(axis).Expand(axis), x.Norm(axis).Expand(axis), x.PNorm(3, axis).Expand(axis))
		})
	case 5:
		p := pick(s, -1, 0, 2, 3)
		return lambda(func(x graph.Node) graph.Node { return x.Abs().Shift(0.5).PowScalar(float64(p)) })
	case 6:
		return lambda(func(x graph.Node) graph.Node { return x.Mod(x.Square().Shift(0.7)) })
	case 7:
		return lambda(func(x graph.Node) graph.Node {
			return graph.Concat(axis, x.ArgMax(axis).Expand(axis), x.ArgMin(axis).Expand(axis))
		})
	}
	return lambda(func(x graph.Node) graph.Node { return x.Slice(axis, -1, 0).Add(x) })
}

// keeping returns a layer that keeps shapes.
func (s *sketch) keeping() graph.Layer {
	return pick[graph.Layer](s, layers.ReLU{}, layers.Tanh{}, layers.GELU{}, layers.Sigmoid{}, layers.SiLU{}, layers.Identity{}, layers.BatchNorm{}, layers.LayerNorm{}, layers.RMSNorm{}, layers.Dropout{Rate: 0.2})
}
