package ops

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Attend computes scaled dot-product attention of several heads, as described at [kernels.Attention], and what its derivative
// needs: its output is flat, the results, (batch, queries, Heads·ValueSize), and then the numbers of each query. [Attention] reads
// the results.
//
// Its inputs are one to three Sources and, if Masked is set, a mask of the keys, (batch, keys), which is 0 for those that no query
// sees. Three sources are queries, (batch, queries, Heads·Size), keys, (batch, keys, KeyHeads·Size), and values, (batch, keys,
// KeyHeads·ValueSize). Two are the queries, and the keys and the values side by side; one is all of them side by side.
type Attend struct {
	Heads, KeyHeads int
	Size, ValueSize int
	Sources         int
	Masked          bool
	Causal          bool
	Offset          int // if Causal, query i sees the keys up to number i+Offset
	Scale           float64
	Keep            float64 // probability with which dropout keeps a weight; 0 means no dropout
	Key             uint64  // of the noise, as of Random
}

// Attention is the result of an Attend, its first input. The others are the inputs of that, by which it has its derivatives.
type Attention struct{ Attend }

// String implements Def.
func (a Attend) String() string { return fmt.Sprintf("Attend%+v", a.fields()) }

// String implements Def.
func (a Attention) String() string { return fmt.Sprintf("Attention%+v", a.fields()) }

// fields returns the settings for a name.
func (a Attend) fields() any {
	type settings Attend
	return settings(a)
}

// sizes returns the batch and the numbers of queries and keys of the inputs.
func (a Attend) sizes(in [][]int) (batch, queries, keys int) {
	return in[0][0], in[0][1], in[a.Sources-1][1]
}

// widths returns the features of the sources.
func (a Attend) widths() []int {
	q, k, v := a.Heads*a.Size, a.KeyHeads*a.Size, a.KeyHeads*a.ValueSize
	return [][]int{{q + k + v}, {q, k + v}, {q, k, v}}[a.Sources-1]
}

// check returns an error if the inputs do not fit.
func (a Attend) check(in [][]int) error {
	want := a.Sources
	if a.Masked {
		want++
	}
	if len(in) != want {
		return fmt.Errorf("got %d inputs, want %d", len(in), want)
	}
	batch, queries, keys := a.sizes(in)
	for i, w := range a.widths() {
		times := keys
		if i == 0 {
			times = queries
		}
		if s := []int{batch, times, w}; !slices.Equal(in[i], s) {
			return fmt.Errorf("input %d: got shape %v, want %v", i, in[i], s)
		}
	}
	return nil
}

// stats returns the elements of the output that are not results.
func (a Attend) stats(in [][]int) int {
	batch, queries, _ := a.sizes(in)
	return 2 * batch * a.Heads * queries
}

// Infer implements Def.
func (a Attend) Infer(in [][]int) ([]int, error) {
	if err := a.check(in); err != nil {
		return nil, err
	}
	batch, queries, _ := a.sizes(in)
	return []int{batch*queries*a.Heads*a.ValueSize + a.stats(in)}, nil
}

// Infer implements Def.
func (a Attention) Infer(in [][]int) ([]int, error) {
	if err := a.check(in[1:]); err != nil {
		return nil, err
	}
	batch, queries, _ := a.sizes(in[1:])
	return []int{batch, queries, a.Heads * a.ValueSize}, nil
}

// Diff implements Def. Only an Attention reads an Attend.
func (a Attend) Diff(*Graph, *Node, *Node) []*Node { return nil }

// Diff implements Def.
func (a Attention) Diff(g *Graph, n, grad *Node) []*Node {
	in := Of(n).In
	grads := g.Must(AttentionGrad(a), append(slices.Clone(in[1:]), in[0], grad)...)
	out := make([]*Node, len(in))
	at := 0
	for i, x := range in[1 : 1+a.Sources] {
		if a.Sources == 1 {
			out[1+i] = grads
			break
		}
		size := tensors.Size(Shape(x))
		out[1+i] = g.Reshaped(g.Must(Slice{Axis: 0, From: at, To: at + size}, grads), Shape(x))
		at += size
	}
	return out
}

// Bind implements Def: there is nothing to compute.
func (a Attention) Bind(o *Op) Kernel {
	o.view = true
	return Kernel{}
}

// Bind implements Def.
func (a Attend) Bind(o *Op) Kernel {
	return Kernel{F32: bindAttend[float32](a, o), F64: bindAttend[float64](a, o)}
}

func bindAttend[T kernels.Float](a Attend, o *Op) func(out []T, in [][]T) {
	shapes := inShapes(o)
	results := o.Shape[0] - a.stats(shapes)
	k := new(kernels.Attention[T])
	return func(out []T, in [][]T) {
		*k = attention[T](a, shapes, o.env)
		q, keys, values := attentionParts(a, in)
		y := kernels.Vectors[T]{Data: out[:results], Stride: a.Heads * a.ValueSize}
		k.Forward(o.env.Pool, y, out[results:], q, keys, values, attentionMask(a, in))
	}
}

// inShapes returns the shapes of an op's inputs.
func inShapes(o *Op) [][]int {
	shapes := make([][]int, len(o.In))
	for i := range shapes {
		shapes[i] = o.InShape(i)
	}
	return shapes
}

// attention returns the kernels' form of a.
func attention[T kernels.Float](a Attend, shapes [][]int, env *Env) kernels.Attention[T] {
	k := kernels.Attention[T]{
		Heads: a.Heads, KeyHeads: a.KeyHeads, Size: a.Size, ValueSize: a.ValueSize, Causal: a.Causal, Offset: a.Offset,
		Scale: T(a.Scale), Keep: T(a.Keep), Noise: kernels.Stream{Key: env.Seed ^ a.Key, Counter: env.Draw},
	}
	k.Batch, k.Queries, k.Keys = a.sizes(shapes)
	if env.RowNoise[a.Key] {
		k.Row = env.Row
	}
	return k
}

// attentionParts returns the queries, keys and values among the sources.
func attentionParts[T kernels.Float](a Attend, sources [][]T) (q, k, v kernels.Vectors[T]) {
	w := a.widths()
	part := func(i, from int) kernels.Vectors[T] {
		return kernels.Vectors[T]{Data: sources[i][min(from, len(sources[i])):], Stride: w[i]}
	}
	queries, keys := a.Heads*a.Size, a.KeyHeads*a.Size
	switch a.Sources {
	case 1:
		return part(0, 0), part(0, queries), part(0, queries+keys)
	case 2:
		return part(0, 0), part(1, 0), part(1, keys)
	}
	return part(0, 0), part(1, 0), part(2, 0)
}

// attentionMask returns the mask among the inputs, nil if there is none.
func attentionMask[T any](a Attend, in [][]T) []T {
	if !a.Masked {
		return nil
	}
	return in[a.Sources]
}
