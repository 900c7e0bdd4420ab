package graph

import (
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"sync"

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
		g, _ := gathers.Get().(*gather)
		if g == nil {
			g = new(gather)
		}
		g.begin(a, size)
		defer func() {
			g.x.from, g.y.from = nil, nil // the pool must not keep the data
			gathers.Put(g)
		}()
		if rng != nil {
			rng.Shuffle(n, func(i, j int) { g.order[i], g.order[j] = g.order[j], g.order[i] })
		}
		for at := 0; at < n; at += size {
			rows := g.order[at:min(at+size, n)]
			if !yield(Batch{X: g.x.take(rows), Y: g.y.take(rows)}, nil) {
				return
			}
		}
	}
}

// gathers keeps the memory of passes over data for the next pass: each epoch is one.
var gathers sync.Pool

// A gather is the memory of one pass: the order of the rows, and the batch.
type gather struct {
	order []int
	x, y  rowBuffer
}

// begin makes the memory fit the data.
func (g *gather) begin(a Arrays, size int) {
	n := a.Len()
	if cap(g.order) < n {
		g.order = make([]int, n)
	}
	g.order = g.order[:n]
	for i := range g.order {
		g.order[i] = i
	}
	g.x.begin(a.X, size)
	g.y.begin(a.Y, size)
}

// A rowBuffer copies chosen rows of a tensor into memory that it uses again.
type rowBuffer struct {
	from   *Tensor
	buffer *Tensor
	last   *Tensor // the view of the buffer that was returned last
}

func (b *rowBuffer) begin(t *Tensor, rows int) {
	if b.from = t; t == nil {
		return
	}
	if t.RequiresIterator() || !t.DataOrder().IsRowMajor() {
		b.from = t.Materialize().(*Tensor)
	}
	shape := append([]int{rows}, t.Shape()[1:]...)
	if b.buffer == nil || b.buffer.Dtype() != t.Dtype() || !sameShape(b.buffer, shape) {
		b.buffer = tensor.New(tensor.Of(t.Dtype()), tensor.WithShape(shape...))
		b.last = b.buffer
	}
}

// take returns the rows with the given numbers, in memory that the next call changes.
func (b *rowBuffer) take(index []int) *Tensor {
	if b.from == nil {
		return nil
	}
	if b.last.Shape()[0] != len(index) {
		b.last = rowsOf(b.buffer, 0, len(index))
	}
	width := ops.Size(b.from.Shape()[1:])
	switch b.from.Dtype() {
	case tensor.Float32:
		gatherRows(ops.Data[float32](b.last), ops.Data[float32](b.from), width, index)
	case tensor.Float64:
		gatherRows(ops.Data[float64](b.last), ops.Data[float64](b.from), width, index)
	default:
		bytes := int(b.from.Dtype().Size()) * width
		dst, src := rawBytes(b.last), rawBytes(b.from)
		for i, row := range index {
			copy(dst[i*bytes:(i+1)*bytes], src[row*bytes:])
		}
	}
	return b.last
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
		var g gather
		g.begin(a, len(rows))
		return Arrays{X: g.x.take(rows), Y: g.y.take(rows)}
	}
	return take(order[:n]), take(order[n:]), nil
}
