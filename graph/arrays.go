package graph

import (
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/kernels"
)

// Arrays is a Dataset in memory: sample i is row i of X and of Y.
type Arrays struct {
	X, Y *Tensor // Y may be nil
}

// Len returns the number of rows of X.
func (a Arrays) Len() int {
	if a.X == nil || a.X.Dims() == 0 {
		return 0
	}
	return a.X.Shape()[0]
}

func (a Arrays) check() error {
	switch {
	case a.Len() == 0:
		return errors.New("graph: Arrays: X has no rows")
	case a.Y != nil && (a.Y.Dims() == 0 || a.Y.Shape()[0] != a.Len()):
		return fmt.Errorf("graph: Arrays: X has shape %v and Y %v, want as many rows", []int(a.X.Shape()), []int(a.Y.Shape()))
	}
	return nil
}

// Batches implements Dataset: in the rows' order, or shuffled by rng.
func (a Arrays) Batches(size int, rng *rand.Rand) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		if err := a.check(); err != nil {
			yield(Batch{}, err)
			return
		}
		n := a.Len()
		if size <= 0 || size > n {
			size = n
		}
		order := make([]int, n)
		for i := range order {
			order[i] = i
		}
		if rng != nil {
			rng.Shuffle(n, func(i, j int) { order[i], order[j] = order[j], order[i] })
		}
		x, y := newGather(a.X, size), newGather(a.Y, size)
		for at := 0; at < n; at += size {
			rows := order[at:min(at+size, n)]
			if !yield(Batch{X: x.rows(rows), Y: y.rows(rows)}, nil) {
				return
			}
		}
	}
}

// A gather copies chosen rows of a tensor into memory that it uses again.
type gather struct {
	from   *Tensor
	buffer *Tensor
	last   *Tensor // the view of the buffer that was returned last
}

func newGather(t *Tensor, rows int) *gather {
	if t == nil {
		return nil
	}
	if t.RequiresIterator() || !t.DataOrder().IsRowMajor() {
		t = t.Materialize().(*Tensor)
	}
	shape := append([]int{rows}, t.Shape()[1:]...)
	b := tensor.New(tensor.Of(t.Dtype()), tensor.WithShape(shape...))
	return &gather{from: t, buffer: b, last: b}
}

func (g *gather) rows(index []int) *Tensor {
	if g == nil {
		return nil
	}
	if g.last.Shape()[0] != len(index) {
		g.last = rowsOf(g.buffer, 0, len(index))
	}
	width := ops.Size(g.from.Shape()[1:])
	switch g.from.Dtype() {
	case tensor.Float32:
		gatherRows(ops.Data[float32](g.last), ops.Data[float32](g.from), width, index)
	case tensor.Float64:
		gatherRows(ops.Data[float64](g.last), ops.Data[float64](g.from), width, index)
	default:
		bytes := int(g.from.Dtype().Size()) * width
		dst, src := rawBytes(g.last), rawBytes(g.from)
		for i, row := range index {
			copy(dst[i*bytes:(i+1)*bytes], src[row*bytes:])
		}
	}
	return g.last
}

func gatherRows[T Float](dst, src []T, width int, index []int) {
	kernels.Default().For(len(index), max(1, 8192/max(width, 1)), func(lo, hi int) {
		kernels.GatherRows(dst[lo*width:hi*width], src, width, index[lo:hi])
	})
}

// Split divides the rows at random: the first part has n of them. The same seed gives the same parts.
func Split(a Arrays, n int, seed uint64) (first, rest Arrays, err error) {
	if err := a.check(); err != nil {
		return first, rest, err
	}
	if n < 1 || n >= a.Len() {
		return first, rest, fmt.Errorf("graph: Split: got %d rows for the first part, want 1 to %d", n, a.Len()-1)
	}
	order := rand.New(rand.NewPCG(seed, hashString("split"))).Perm(a.Len())
	take := func(rows []int) Arrays {
		p := Arrays{X: newGather(a.X, len(rows)).rows(rows)}
		if a.Y != nil {
			p.Y = newGather(a.Y, len(rows)).rows(rows)
		}
		return p
	}
	return take(order[:n]), take(order[n:]), nil
}
