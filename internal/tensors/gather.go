package tensors

import (
	"reflect"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
)

// A RowGatherer copies chosen rows of a tensor into a buffer that it reuses.
type RowGatherer struct {
	from   *tensor.Dense
	buffer *tensor.Dense
	last   *tensor.Dense // the view of the buffer that Take returned last
}

// Begin sets the tensor, of any element type and layout, and the largest number of rows that Take may be asked for.
func (g *RowGatherer) Begin(t *tensor.Dense, rows int) (err error) {
	if g.from, err = RowMajor(t); err != nil {
		return err
	}
	shape := append([]int{rows}, t.Shape()[1:]...)
	if g.buffer == nil || g.buffer.Dtype() != t.Dtype() || !SameShape(g.buffer, shape) {
		g.buffer = New(t.Dtype(), shape)
		g.last = g.buffer
	}
	return nil
}

// Forget drops the tensor and keeps the buffer.
func (g *RowGatherer) Forget() { g.from = nil }

// Take returns the rows with the given numbers. The next call overwrites them.
func (g *RowGatherer) Take(index []int) *tensor.Dense {
	if g.last.Shape()[0] != len(index) {
		g.last = Rows(g.buffer, 0, len(index))
	}
	width := Size(g.from.Shape()[1:])
	switch g.from.Dtype() {
	case tensor.Float32:
		gatherRows(Data[float32](g.last), Data[float32](g.from), width, index)
	case tensor.Float64:
		gatherRows(Data[float64](g.last), Data[float64](g.from), width, index)
	default:
		dst, src := memory(g.last), memory(g.from)
		for i, row := range index {
			reflect.Copy(dst.Slice(i*width, (i+1)*width), src.Slice(row*width, (row+1)*width))
		}
	}
	return g.last
}

func gatherRows[T kernels.Float](dst, src []T, width int, index []int) {
	kernels.Default().For(len(index), max(1, 8192/max(width, 1)), func(lo, hi int) {
		kernels.GatherRows(dst[lo*width:hi*width], src, width, index[lo:hi])
	})
}
