package optimizers_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/optimizers"
)

// product returns a·b for matrices as lists of rows.
func product(a, b [][]float64) [][]float64 {
	c := make([][]float64, len(a))
	for i := range a {
		c[i] = make([]float64, len(b[0]))
		for k, v := range a[i] {
			for j := range c[i] {
				c[i][j] += v * b[k][j]
			}
		}
	}
	return c
}

func transposed(a [][]float64) [][]float64 {
	t := make([][]float64, len(a[0]))
	for i := range t {
		for _, row := range a {
			t[i] = append(t[i], row[i])
		}
	}
	return t
}

func rowsOf(data []float64, cols int) (rows [][]float64) {
	for i := 0; i < len(data); i += cols {
		rows = append(rows, append([]float64{}, data[i:i+cols]...))
	}
	return rows
}

// newtonSchulz is zeropower_via_newtonschulz5 of github.com/KellerJordan/Muon in float64, with plain loops.
func newtonSchulz(x [][]float64, steps int) [][]float64 {
	if len(x) > len(x[0]) {
		return transposed(newtonSchulz(transposed(x), steps))
	}
	norm := 0.0
	for _, row := range x {
		for _, v := range row {
			norm += v * v
		}
	}
	each := func(f func(i, j int) float64, like [][]float64) [][]float64 {
		out := make([][]float64, len(like))
		for i := range like {
			for j := range like[i] {
				out[i] = append(out[i], f(i, j))
			}
		}
		return out
	}
	x = each(func(i, j int) float64 { return x[i][j] / (math.Sqrt(norm) + 1e-7) }, x)
	for range steps {
		a := product(x, transposed(x))
		aa := product(a, a)
		b := each(func(i, j int) float64 { return -4.775*a[i][j] + 2.0315*aa[i][j] }, a)
		bx := product(b, x)
		x = each(func(i, j int) float64 { return 3.4445*x[i][j] + bx[i][j] }, x)
	}
	return x
}

// TestMuon compares steps with the reference, for wide and tall matrices; the reference's weights are (out, in), the transposes.
func TestMuon(t *testing.T) {
	const rate, decay = 0.1, 0.01
	for _, shape := range [][2]int{{4, 4}, {3, 8}, {20, 5}, {1, 6}, {6, 1}, {1, 1}, {70, 90}} {
		for _, rule := range []optimizers.Muon{{WeightDecay: decay}, {WeightDecay: decay, NoNesterov: true, Momentum: 0.5, Iterations: 3}} {
			rng := rand.New(rand.NewPCG(1, 2))
			rows, cols := shape[0], shape[1]
			w := randoms[float64](rng, rows*cols)
			want := rowsOf(w, cols)
			single := make([]float32, len(w))
			for i, v := range w {
				single[i] = float32(v)
			}
			slots, slots32 := newSlots[float64](rule, len(w)), newSlots[float32](rule, len(w))
			mean := make([]float64, len(w))
			momentum, steps := 0.95, 5
			if rule.NoNesterov {
				momentum, steps = 0.5, 3
			}
			for step := 1; step <= 3; step++ {
				grad := randoms[float64](rng, len(w))
				grad32 := make([]float32, len(grad))
				u := make([]float64, len(grad))
				for i, g := range grad {
					grad32[i] = float32(g)
					mean[i] += (g/2 - mean[i]) * (1 - momentum)
					u[i] = mean[i]
					if !rule.NoNesterov {
						u[i] = g/2 + (mean[i]-g/2)*momentum
					}
				}
				for i, row := range newtonSchulz(rowsOf(u, cols), steps) {
					for j, v := range row {
						want[i][j] -= rate*decay*want[i][j] + rate*math.Sqrt(max(1, float64(cols)/float64(rows)))*v
					}
				}
				rule.Update64(graph.Update[float64]{Weights: w, Grad: grad, Slots: slots, Rate: rate, Step: step, Scale: 0.5, Shape: shape[:]})
				rule.Update32(graph.Update[float32]{Weights: single, Grad: grad32, Slots: slots32, Rate: rate, Step: step, Scale: 0.5, Shape: shape[:]})
			}
			for i, v := range w {
				x := want[i/cols][i%cols]
				if !(math.Abs(v-x) < 1e-12) || !(math.Abs(float64(single[i])-x) < 2e-3) {
					t.Fatalf("%v, %+v: element %d: got %v in float64 and %v in float32, want %v", shape, rule, i, v, single[i], x)
				}
			}
		}
	}
}

// TestMuonOrthogonal: all directions of an update have about the same size, whatever the gradient has.
func TestMuonOrthogonal(t *testing.T) {
	w := make([]float64, 4*4)
	grad := []float64{1, 0, 0, 0, 0, 0.1, 0, 0, 0, 0, -10, 0, 0, 0, 0, 3}
	rule := optimizers.Muon{}
	rule.Update64(graph.Update[float64]{Weights: w, Grad: grad, Slots: newSlots[float64](rule, 16), Rate: 1, Step: 1, Scale: 1, Shape: []int{4, 4}})
	for i, g := range grad {
		if got := -w[i] * math.Copysign(1, g); g != 0 && !(got > 0.6 && got < 1.3) || g == 0 && math.Abs(w[i]) > 1e-12 {
			t.Errorf("element %d: got an update of %v for a gradient of %v, want about its sign", i, -w[i], g)
		}
	}
}

// TestMuonFit: large matrices come whole, and other parameters have the other rule.
func TestMuonFit(t *testing.T) {
	const in, out = 300, 80 // more elements than a piece of an update has
	net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		return x.MatMul(s.Param("weight", graph.GlorotUniform, in, out)).Add(s.Param("bias", graph.Zeros, out))
	})
	rng := rand.New(rand.NewPCG(1, 2))
	data := graph.Arrays{X: tensor.New(tensor.WithShape(10, in), tensor.WithBacking(randoms[float64](rng, 10*in))),
		Y: tensor.New(tensor.WithShape(10, out), tensor.WithBacking(randoms[float64](rng, 10*out)))}
	compile := func(o graph.Optimizer, workers int) *graph.Model {
		m, err := graph.Compile(net, graph.Config{Input: []int{in}, Loss: squares, Optimizer: o, DType: tensor.Float64, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	rule := optimizers.Muon{Other: optimizers.SGD{LearningRate: 0.5}}
	m := compile(rule, 1)
	_, grads, err := m.Gradients(data.X, data.Y)
	if err != nil {
		t.Fatal(err)
	}
	want := m.Weights()
	w := want["weight"].Float64s()
	rule.Update64(graph.Update[float64]{Weights: w, Grad: grads["weight"].Float64s(), Slots: newSlots[float64](rule, len(w)), Rate: 0.02, Step: 1, Scale: 1,
		Shape: []int{in, out}})
	for i, g := range grads["bias"].Float64s() {
		want["bias"].Float64s()[i] -= 0.5 * g
	}
	for _, workers := range []int{1, 2} {
		m := compile(rule, workers)
		if _, err := m.Fit(context.Background(), data, graph.FitConfig{NoShuffle: true}); err != nil {
			t.Fatal(err)
		}
		for name, got := range m.Weights() {
			if !got.Eq(want[name]) {
				t.Errorf("%d workers: %s: got other values than from one update of the whole", workers, name)
			}
		}
	}
}
