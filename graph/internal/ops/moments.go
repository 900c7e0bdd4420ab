package ops

import "github.com/nndiy/nndiy/internal/kernels"

// Moments is the mean and the variance of each group of its input: (2, groups).
type Moments struct{ Groups }

// String implements Def.
func (m Moments) String() string { return "Moments" + m.Groups.String() }

// Infer implements Def.
func (m Moments) Infer(in [][]int) ([]int, error) {
	if err := m.check(in[0]); err != nil {
		return nil, err
	}
	_, groups, _ := m.sizes(in[0])
	return []int{2, groups}, nil
}

// Diff implements Def: (g₀ + 2·g₁·(x - mean))/n for the gradients g₀ of the mean and g₁ of the variance, n elements in a group.
func (m Moments) Diff(g *Graph, n, grad *Node) []*Node {
	x := Of(n).In[0]
	outer, _, inner := m.sizes(Shape(x))
	fraction, s := 1/float64(outer*inner), m.Shape(Shape(x))
	ofMean, ofVariance := g.mc(Scale, g.statistic(grad, 0, s), fraction), g.mc(Scale, g.statistic(grad, 1, s), 2*fraction)
	d := g.m2(Sub, x, g.statistic(n, 0, s))
	return []*Node{g.m2(Add, g.m2(Mul, d, ofVariance), ofMean)}
}

// Bind implements Def.
func (m Moments) Bind(o *Op) Kernel {
	return Kernel{F32: bindMoments[float32](m, o), F64: bindMoments[float64](m, o)}
}

func bindMoments[T kernels.Float](m Moments, o *Op) func(out []T, in [][]T) {
	outer, groups, inner := m.sizes(o.InShape(0))
	if outer > 1 && inner > 1 {
		return func(out []T, in [][]T) {
			kernels.BatchMoments(o.env.Pool, out[:groups], out[groups:], in[0], outer, groups, inner)
		}
	}
	return inPieces(o, groups, grain(outer, inner), func(out []T, in [][]T, lo, hi int) {
		kernels.Moments(out[:groups], out[groups:], in[0], outer, groups, inner, lo, hi)
	})
}
