package graph

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/tensors"
)

// TestPacks: predictions have the same bits with packed parameters as without, also after the parameters change, and whatever rows
// are beside a row. Some of the parameters are used transposed.
func TestPacks(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		net := LayerFunc(func(s *Scope, x Node) Node {
			for _, units := range []int{33, 1, 20, 7} {
				x = s.Apply(linear{units, Node.Tanh}, x)
			}
			x = x.MatMul(s.Param("one", Zeros, 40, x.Dim(-1)).Transpose())
			return x.MatMul(s.Param("two", Zeros, x.Dim(-1), 11).Transpose().Transpose())
		})
		compiled := func() *Model {
			m, err := Compile(net, Config{Input: []int{301}, DType: dt, Seed: 3})
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		predict := func(m *Model, x *Tensor) []float64 {
			y, err := m.Predict(context.Background(), x)
			if err != nil {
				t.Error(err)
				return nil
			}
			values, err := tensors.Float64s(y)
			if err != nil {
				t.Error(err)
			}
			return values
		}
		draw := func(x *Tensor) {
			values := make([]float64, x.DataSize())
			for i := range values {
				values[i] = rng.NormFloat64() / 4
			}
			tensors.Set(x, values)
		}
		m := compiled()
		for round := range 3 {
			w := m.Weights()
			for _, name := range w.Names() {
				draw(w[name])
			}
			if err := m.SetWeights(w); err != nil {
				t.Fatal(err)
			}
			for _, rows := range []int{1, 2, 3, 40, 700} {
				x := tensors.New(dt, []int{rows, 301})
				draw(x)
				fresh := compiled()
				if err := fresh.SetWeights(w); err != nil {
					t.Fatal(err)
				}
				want := predict(fresh, x)
				first := x
				if rows > 1 {
					part, err := x.Slice(tensor.S(0, 1))
					if err != nil {
						t.Fatal(err)
					}
					first = part.Materialize().(*Tensor)
					if err := first.Reshape(1, 301); err != nil {
						t.Fatal(err)
					}
				}
				if alone := predict(fresh, first); !slices.EqualFunc(alone, want[:len(alone)], sameFloat) {
					t.Errorf("%v, round %d: a row alone: got other bits than among %d rows", dt, round, rows)
				}
				var wg sync.WaitGroup
				for range 4 {
					wg.Go(func() {
						if !slices.EqualFunc(predict(m, x), want, sameFloat) {
							t.Errorf("%v, round %d, %d rows: got other bits than from a new model", dt, round, rows)
						}
					})
				}
				wg.Wait()
			}
		}
	}
}

func sameFloat(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }
