package layers_test

import (
	"context"
	"math"
	"math/cmplx"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
	"github.com/nndiy/nndiy/layers"
)

// over applies an attention or a decoder to x[0], over x[1].
func over(of func(memory graph.Node) graph.Layer) func(s *graph.Scope, x ...graph.Node) graph.Node {
	return func(s *graph.Scope, x ...graph.Node) graph.Node { return s.ApplyAs("layer", of(x[1]), x[0]) }
}

// only applies a layer to x[0].
func only(l graph.Layer) func(s *graph.Scope, x ...graph.Node) graph.Node {
	return func(s *graph.Scope, x ...graph.Node) graph.Node { return s.ApplyAs("layer", l, x[0]) }
}

// TestPaddingIsNotAttendedTo: two sequences, each alone, and both padded in one batch give the same outputs and derivatives.
func TestPaddingIsNotAttendedTo(t *testing.T) {
	for _, r := range []struct {
		name string
		f    func(s *graph.Scope, x ...graph.Node) graph.Node
	}{
		{"attention", only(layers.MultiHeadAttention{Heads: 2})},
		{"attention, causal, rotary", only(layers.MultiHeadAttention{Heads: 2, KeyHeads: 1, Causal: true, Rotary: true})},
		{"attention to another sequence", over(layers.MultiHeadAttention{Heads: 2}.Over)},
		{"encoder", only(layers.TransformerEncoder{Heads: 2})},
		{"encoder, post-norm", only(layers.TransformerEncoder{PostNorm: true})},
		{"decoder", only(layers.TransformerDecoder{Heads: 2})},
		{"decoder over another sequence", over(layers.TransformerDecoder{Heads: 2}.Over)},
	} {
		t.Run(r.name, func(t *testing.T) {
			const time, memory, features = 5, 4, 4
			lengths := [2][]int{{5, 2}, {3, 4}} // of the sequences and of the others
			x, m, dy := graphtest.Check{Seed: 1}.Random(2, time, features), graphtest.Check{Seed: 2}.Random(2, memory, features), graphtest.Check{Seed: 3}.Random(2, time, features)
			var weights graph.Weights
			run := func(rows, time, memory int, lengths [2][]int, in ...*tensor.Dense) []*tensor.Dense {
				f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
					seq, mem := padded(s, x[0], lengths[0]), padded(s, x[1], lengths[1])
					y := r.f(s.TrainingMode(true), seq, mem)
					grads := graph.Grad(y.Mul(x[2]).FillPadding(0).Sum(), append([]graph.Node{x[0], x[1]}, s.Params()...)...)
					return append([]graph.Node{y.FillPadding(0)}, grads...)
				}, []int{rows, time, features}, []int{rows, memory, features}, []int{rows, time, features})
				require.NoError(t, err)
				if weights == nil {
					weights = f.Weights()
				}
				require.NoError(t, f.SetWeights(weights))
				out, err := f.Call(context.Background(), in...)
				require.NoError(t, err)
				return out
			}
			all := run(2, time, memory, lengths, x, m, dy)
			sums := make([][]float64, len(all)-3) // the derivatives by the parameters
			for i := range 2 {
				row := func(x *tensor.Dense, n int) *tensor.Dense {
					size := x.Shape()[1] * features
					return tensor.New(tensor.WithShape(1, n, features), tensor.WithBacking(slices.Clone(x.Float64s()[i*size:i*size+n*features])))
				}
				n, k := lengths[0][i], lengths[1][i]
				alone := run(1, n, k, [2][]int{}, row(x, n), row(m, k), row(dy, n))
				for part, times := range []int{n, n, k} {
					require.InDeltaSlice(t, alone[part].Float64s(), row(all[part], times).Float64s(), 1e-12)
					size := all[part].Shape()[1] * features
					for _, v := range all[part].Float64s()[i*size+times*features : (i+1)*size] {
						require.Zero(t, v, "the padding of output %d", part)
					}
				}
				for j, g := range alone[3:] {
					if i == 0 {
						sums[j] = make([]float64, len(g.Float64s()))
					}
					for c, v := range g.Float64s() {
						sums[j][c] += v
					}
				}
			}
			for j, want := range sums {
				require.InDeltaSlice(t, want, all[3+j].Float64s(), 1e-12)
			}
		})
	}
}

// TestRotary computes one head by its definition, with complex numbers: features i and i+size/2 are a number that the place turns.
func TestRotary(t *testing.T) {
	const time, size = 5, 6
	x := graphtest.Check{}.Random(1, time, size)
	f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
		return []graph.Node{s.ApplyAs("layer", layers.MultiHeadAttention{Rotary: true, NoBias: true}, x[0])}
	}, []int{1, time, size})
	require.NoError(t, err)
	got, err := f.Call(context.Background(), x)
	require.NoError(t, err)
	weight, out := f.Weights()["layer/weight"].Float64s(), f.Weights()["layer/out_weight"].Float64s()
	linear := func(t, column int) (sum float64) {
		for i := range size {
			sum += x.Float64s()[t*size+i] * weight[i*3*size+column]
		}
		return sum
	}
	turned := func(t, from, i int) complex128 {
		angle := float64(t) / math.Pow(10000, float64(2*i)/size)
		return complex(linear(t, from+i), linear(t, from+i+size/2)) * cmplx.Exp(complex(0, angle))
	}
	for i := range time {
		var sum float64
		mean := make([]float64, size)
		for j := range time {
			var score float64
			for c := range size / 2 {
				product := turned(i, 0, c) * cmplx.Conj(turned(j, size, c))
				score += cmplx.Abs(product) * math.Cos(cmplx.Phase(product)) // its real part
			}
			w := math.Exp(score / math.Sqrt(size))
			sum += w
			for c := range mean {
				mean[c] += w * linear(j, 2*size+c)
			}
		}
		for c := range size {
			var want float64
			for k := range size {
				want += mean[k] / sum * out[k*size+c]
			}
			require.InDelta(t, want, got[0].Float64s()[i*size+c], 1e-12)
		}
	}
}

// TestAttentionErrors: wrong nodes are errors that say what they got.
func TestAttentionErrors(t *testing.T) {
	for _, r := range []struct {
		name, want string
		f          func(s *graph.Scope, x graph.Node) graph.Node
	}{
		{"rotary over another sequence", "Rotary: got true for attention to another sequence", func(s *graph.Scope, x graph.Node) graph.Node {
			return s.Apply(layers.MultiHeadAttention{Rotary: true}.Over(x), x)
		}},
		{"another batch", "memory: got shape [1 3 4], want (batch, time, features) with a batch of 2", func(s *graph.Scope, x graph.Node) graph.Node {
			return s.Apply(layers.MultiHeadAttention{}.Over(x.Slice(0, 0, 1)), x)
		}},
		{"heads", "Attention: got 4 heads of queries and 3 of keys, want a positive number and a divisor of it", func(s *graph.Scope, x graph.Node) graph.Node {
			return s.Attention(x, x, x, graph.Attention{Heads: 4, KeyHeads: 3})
		}},
		{"features", "Attention: query: got 4 features and 3 heads, want a multiple of the heads", func(s *graph.Scope, x graph.Node) graph.Node {
			return s.Attention(x, x, x, graph.Attention{Heads: 3})
		}},
		{"keys", "Attention: key: got 3 features, want 4: 1 heads of 4, as of the query", func(s *graph.Scope, x graph.Node) graph.Node {
			return s.Attention(x, x.Slice(2, 1, 0), x, graph.Attention{})
		}},
		{"values", "Attention: got 3 keys and 2 values, want as many", func(s *graph.Scope, x graph.Node) graph.Node {
			return s.Attention(x, x, x.Slice(1, 1, 0), graph.Attention{})
		}},
		{"rank", "Attention: value: got shape [2 12], want (batch, time, features)", func(s *graph.Scope, x graph.Node) graph.Node {
			return s.Attention(x, x, x.Reshape(2, -1), graph.Attention{})
		}},
		{"scale", "Attention: Scale: got NaN, want a finite number", func(s *graph.Scope, x graph.Node) graph.Node {
			return s.Attention(x, x, x, graph.Attention{Scale: math.NaN()})
		}},
		{"dropout", "Attention: Dropout: got 1, want at least 0 and less than 1", func(s *graph.Scope, x graph.Node) graph.Node {
			return s.Attention(x, x, x, graph.Attention{Dropout: 1})
		}},
	} {
		t.Run(r.name, func(t *testing.T) {
			_, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node { return []graph.Node{r.f(s, x[0])} }, []int{2, 3, 4})
			require.ErrorContains(t, err, r.want)
		})
	}
}

// TestAttentionInPieces: later queries over all keys so far give the bits of the whole sequence.
func TestAttentionInPieces(t *testing.T) {
	const time, features = 9, 6
	x := graphtest.Check{}.Random(2, time, 3*features)
	f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
		a := graph.Attention{Heads: 2, Causal: true}
		part := func(i, from, to int) graph.Node {
			return x[0].Slice(2, i*features, (i+1)*features).Slice(1, from, to)
		}
		whole := s.Attention(part(0, 0, time), part(1, 0, time), part(2, 0, time), a)
		var pieces []graph.Node
		for from, to := 0, 4; from < time; from, to = to, min(to+3, time) {
			pieces = append(pieces, s.Attention(part(0, from, to), part(1, 0, to), part(2, 0, to), a))
		}
		return []graph.Node{whole, graph.Concat(1, pieces...)}
	}, x.Shape())
	require.NoError(t, err)
	for _, dt := range []tensor.Dtype{tensor.Float64, tensor.Float32} {
		in := x
		if dt == tensor.Float32 {
			in = tensor.New(tensor.Of(dt), tensor.WithShape(x.Shape()...))
			for i, v := range x.Float64s() {
				in.Float32s()[i] = float32(v)
			}
		}
		y, err := f.Call(context.Background(), in)
		require.NoError(t, err)
		require.Equal(t, y[0].Data(), y[1].Data())
	}
}
