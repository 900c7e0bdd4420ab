package ops

import (
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
)

// A rowLoop runs a Scan whose body keeps the rows of a batch apart: each worker runs all steps for some of the rows, so that
// workers never wait for each other within the loop. A row's bits do not depend on the rows beside it.
//
// A body keeps rows apart if all of its values are matrices of as many rows as the states, and its ops are element-wise
// functions, products with a capture on the right, and slices, concatenations and pads of columns. A step is divided into
// phases. A phase runs products of all rows, then element-wise functions one row after the other, so that a row's values stay
// in the first-level cache. Slices share their input's memory; what is concatenated or is a result is written to its place.
type rowLoop[T kernels.Float] struct {
	*scanRun[T]
	rows, grain int // of the batch, and of a worker's piece
	phases      []rowPhase[T]
	numbers     []T // constants
	buffers     []rowBuffer[T]
	temps       int           // elements that a piece needs for the values of one row
	frames      []rowFrame[T] // of the pieces
	onRows      func(lo, hi int)

	out []T
	in  [][]T
}

// A rowPhase is a part of a step.
type rowPhase[T kernels.Float] struct {
	products []rowProduct[T]
	links    []rowLink[T]
}

// A rowProduct multiplies all rows of a value by a capture, which is packed once for all steps.
type rowProduct[T kernels.Float] struct {
	dst, a     rowRef
	right      int // the index of the capture
	rows, cols int // of the capture
	t          bool
	own        kernels.Packed[T]
	packed     *kernels.Packed[T] // own, or the parameters' packs have it
}

// A rowLink is an element-wise function of one row, or a cell. A value that is a single number is repeated first, unless f takes
// it.
type rowLink[T kernels.Float] struct {
	dst, a, b      rowRef
	f              func(dst, a, b []T)
	code           Code   // of f
	spareA, spareB rowRef // temps where numbers are repeated; of width 0 for none

	cell   func(v [][]T) // instead of f
	values []rowRef      // of the cell
}

// A rowRef says where a value is: row r begins at element at + r·stride of a base. The bases are slices that change with each
// step. A value of width 1 may stand for a wider one, of equal elements.
type rowRef struct{ base, at, stride, width int }

// A rowBuffer holds the rows of a value that a later phase reads.
type rowBuffer[T kernels.Float] struct {
	width int
	data  []T
}

// The bases: numbers, temps, and then one for each state, sequence, capture, result and buffer.
const (
	numberBase = iota
	tempBase
	firstBase
)

func (l *rowLoop[T]) stateBase(i int) int   { return firstBase + i }
func (l *rowLoop[T]) xBase(i int) int       { return l.stateBase(len(l.States)) + i }
func (l *rowLoop[T]) captureBase(i int) int { return l.xBase(len(l.Xs)) + i }
func (l *rowLoop[T]) resultBase(i int) int  { return l.captureBase(len(l.Captures)) + i }
func (l *rowLoop[T]) bufferBase(i int) int  { return l.resultBase(len(l.results)) + i }

// newRowLoop returns the loop for a Scan with the given results, nil if its body does not keep rows apart.
func newRowLoop[T kernels.Float](r *scanRun[T], results []*Node) *rowLoop[T] {
	b := &rowBuilder[T]{rowLoop: &rowLoop[T]{scanRun: r}, refs: map[*Node]rowRef{}, phase: map[*Node]int{},
		root: map[*Node]*Node{}, full: map[*Node]bool{}}
	if !b.analyze(results) {
		return nil
	}
	b.countUses(results)
	b.findCells()
	b.place(results)
	b.emit(results)
	l := b.rowLoop
	l.divide(l.env.Pool.Workers())
	l.onRows = l.pieces
	return l
}

// divide chooses the pieces of the batch. A worker that has few rows reads all matrices for little work, so then the workers
// divide the products instead.
func (l *rowLoop[T]) divide(workers int) {
	const most = 48 // rows of a piece, whose values should stay in the second-level cache
	weights, work := 0, 0
	for _, p := range l.phases {
		for _, m := range p.products {
			weights += m.rows * m.cols
			work += l.rows * m.rows * m.cols
		}
		for _, link := range p.links {
			work += l.rows * link.work()
		}
	}
	l.grain = l.rows
	few := 2
	if weights > 1<<17 {
		few = 8
	}
	if workers > 1 && l.rows >= few*workers && work*l.Steps >= 2*perWorker {
		pieces := (l.rows + most*workers - 1) / (most * workers) * workers
		l.grain = (l.rows + pieces - 1) / pieces
	}
	bases := l.bufferBase(len(l.buffers))
	l.frames = make([]rowFrame[T], (l.rows+l.grain-1)/l.grain)
	for i := range l.frames {
		const line = 128 / 24 // slices in two cache lines, so that no two workers write to the same one
		l.frames[i].bases = make([][]T, bases+2*line)[line : line+bases]
		l.frames[i].values = make([][]T, cellValues+2*line)[line : line+cellValues]
	}
}

// work returns the number of elements that a link computes.
func (l *rowLink[T]) work() int {
	if l.cell != nil {
		return len(l.values) * l.values[0].width
	}
	return l.dst.width
}

// packedSize returns the number of elements of the packed capture.
func (m *rowProduct[T]) packedSize() int {
	if m.t {
		return kernels.PackedSize[T](m.cols, m.rows)
	}
	return kernels.PackedSize[T](m.rows, m.cols)
}

// isPlain reports whether an op has the same values as its input.
func isPlain(o *Op) bool {
	switch o.Def.(type) {
	case Stop:
		return true
	case Reshape:
		return slices.Equal(o.InShape(0), o.Shape)
	}
	return false
}
