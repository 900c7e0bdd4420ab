package graphtest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// A Check stores the settings of a check; the functions Layer, Loss and Func use the zero value.
type Check struct {
	Tolerance float64 // largest error, relative to the largest element of the derivative; 0 means 1e-6
	Seed      uint64  // seed of the inputs and of the output's random weights
	Inference bool    // check in inference mode; default training
	Twice     bool    // check the second derivatives instead of the first
	Scale     float64 // standard deviation of Random and so of Layer's input; 0 means 1
}

// Layer checks a layer's derivatives by its input and its parameters, in training and in inference. The shape is that of the
// input, (batch, ...). The derivatives are those of a sum of the outputs with random weights.
func Layer(t testing.TB, l graph.Layer, shape ...int) {
	t.Helper()
	Check{}.Layer(t, l, shape...)
	Check{Inference: true}.Layer(t, l, shape...)
}

// Loss checks a loss's derivative by the prediction, at pred and target, both float64.
func Loss(t testing.TB, l graph.Loss, pred, target *tensor.Dense) {
	t.Helper()
	Check{}.Loss(t, l, pred, target)
}

// Func checks the derivatives of a function of nodes by its inputs, at the values x, and by its parameters. The values are
// float64.
func Func(t testing.TB, f func(s *graph.Scope, x ...graph.Node) graph.Node, x ...*tensor.Dense) {
	t.Helper()
	Check{}.Func(t, f, x...)
}

// Layer is like the function Layer, in one mode.
func (c Check) Layer(t testing.TB, l graph.Layer, shape ...int) {
	t.Helper()
	if slices.ContainsFunc(shape, func(d int) bool { return d < 1 }) {
		t.Errorf("graphtest: shape: got %v, want sizes of 1 or more", shape)
		return
	}
	c.Func(t, func(s *graph.Scope, x ...graph.Node) graph.Node { return s.Apply(l, x[0]) }, c.Random(shape...))
}

// Loss is like the function Loss.
func (c Check) Loss(t testing.TB, l graph.Loss, pred, target *tensor.Dense) {
	t.Helper()
	if l == nil {
		t.Errorf("graphtest: got a nil loss, want one")
		return
	}
	c.Func(t, func(s *graph.Scope, x ...graph.Node) graph.Node { return l.Loss(x[0], s.Constant(target)) }, pred)
}

// Random returns normally distributed float64 numbers with mean 0 and standard deviation Scale.
func (c Check) Random(shape ...int) *tensor.Dense {
	rng := rand.New(rand.NewPCG(c.Seed, 1))
	n, scale := 1, c.Scale
	if scale == 0 {
		scale = 1
	}
	for _, d := range shape {
		n *= d
	}
	data := make([]float64, n)
	for i := range data {
		data[i] = scale * rng.NormFloat64()
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
}

// Func is like the function Func.
func (c Check) Func(t testing.TB, f func(s *graph.Scope, x ...graph.Node) graph.Node, x ...*tensor.Dense) {
	t.Helper()
	if err := c.run(f, x); err != nil {
		t.Errorf("graphtest: %v", err)
	}
}

// rowMajor returns a copy of a tensor whose elements lie in memory in row-major order, as those of derivatives do.
func rowMajor(t *tensor.Dense) (*tensor.Dense, error) {
	f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node { return x }, t.Shape())
	if err != nil {
		return nil, err
	}
	out, err := f.Call(context.Background(), t)
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

func (c Check) run(f func(s *graph.Scope, x ...graph.Node) graph.Node, x []*tensor.Dense) error {
	if f == nil {
		return errors.New("got a nil function, want one")
	}
	shapes := make([][]int, len(x))
	x = slices.Clone(x)
	for i, v := range x {
		if v == nil {
			return fmt.Errorf("input %d: got a nil tensor, want one", i)
		}
		copied, err := rowMajor(v)
		if err != nil {
			return fmt.Errorf("input %d: %w", i, err)
		}
		if copied.Dtype() != tensor.Float64 {
			return fmt.Errorf("input %d: got %v, want float64", i, copied.Dtype())
		}
		shapes[i], x[i] = copied.Shape(), copied
	}
	fn, err := graph.NewFunction(func(s *graph.Scope, in ...graph.Node) []graph.Node {
		y := c.apply(s, f, in)
		value := c.weightedSum(s, 2, y)
		wrt := append(append([]graph.Node{}, in...), s.Params()...)
		grads := graph.Grad(value, wrt...)
		if c.Twice {
			var parts []graph.Node
			for i, g := range grads {
				parts = append(parts, c.weightedSum(s, uint64(3+i), g))
			}
			value = parts[0]
			for _, p := range parts[1:] {
				value = value.Add(p)
			}
			grads = graph.Grad(value, wrt...)
		}
		return append([]graph.Node{value}, grads...)
	}, shapes...)
	if err != nil {
		return err
	}
	return c.compare(fn, x)
}

// apply returns f of the inputs, as a layer in the mode that is checked.
func (c Check) apply(s *graph.Scope, f func(s *graph.Scope, x ...graph.Node) graph.Node, in []graph.Node) graph.Node {
	s = s.TrainingMode(!c.Inference)
	if len(in) == 0 {
		return f(s)
	}
	return s.Apply(graph.LayerFunc(func(s *graph.Scope, _ graph.Node) graph.Node { return f(s, in...) }), in[0])
}

// weightedSum returns the sum of y's elements with random weights.
func (c Check) weightedSum(s *graph.Scope, seed uint64, y graph.Node) graph.Node {
	if y.Err() != nil {
		return y
	}
	return y.Mul(s.Constant(Check{Seed: c.Seed ^ seed<<32}.Random(y.Shape()...))).Sum()
}

// compare compares each derivative that fn returns with central differences of its value.
func (c Check) compare(fn *graph.Function, x []*tensor.Dense) error {
	ctx := context.Background()
	out, err := fn.Call(ctx, x...)
	if err != nil {
		return err
	}
	weights := fn.Weights()
	names := fn.Params()
	value := func() float64 {
		if err == nil && len(weights) > 0 {
			err = fn.SetWeights(weights)
		}
		if err != nil {
			return math.NaN()
		}
		var y []*tensor.Dense
		if y, err = fn.Call(ctx, x...); err != nil {
			return math.NaN()
		}
		return y[0].Float64s()[0]
	}
	for i, g := range out[1:] {
		what, v := fmt.Sprintf("input %d", i), (*tensor.Dense)(nil)
		if i < len(x) {
			v = x[i]
		} else {
			what = "parameter " + names[i-len(x)]
			v = weights[names[i-len(x)]]
		}
		if err := c.differences(what, v.Float64s(), g.Float64s(), value); err != nil {
			return err
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// differences compares the derivative got with central differences of value by the elements of x; value reads x.
func (c Check) differences(what string, x, got []float64, value func() float64) error {
	tolerance := c.Tolerance
	if tolerance == 0 {
		tolerance = 1e-6
	}
	want := make([]float64, len(x))
	largest := 1e-3
	for i, v := range x {
		h := 1e-5 * math.Max(1, math.Abs(v))
		x[i] = v + h
		up := value()
		x[i] = v - h
		down := value()
		x[i] = v
		want[i] = (up - down) / (2 * h)
		largest = math.Max(largest, math.Abs(want[i]))
	}
	for i := range x {
		if d := math.Abs(got[i]-want[i]) / largest; !(d <= tolerance) {
			return fmt.Errorf("%s: element %d: got derivative %v, want %v by central differences: error %.2g of the largest element, want at most %.2g",
				what, i, got[i], want[i], d, tolerance)
		}
	}
	return nil
}
