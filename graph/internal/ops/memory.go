package ops

import (
	"unsafe"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Memory holds the outputs of the ops of one lowered graph at a time, in words of eight bytes. Graphs that never run at once
// may share it.
type Memory []float64

// line is the words of a cache line: outputs begin at one.
const line = 8

// NewMemory returns memory of a number of words, from a cache line on. Large memory is in large pages, if the system has them.
func NewMemory(words int) Memory {
	m := make([]float64, words+line+spare(words+line))
	if len(m) > words+line {
		m = hugePages(m)
	}
	populate(m[:words+line])
	skip := int(uintptr(unsafe.Pointer(unsafe.SliceData(m)))/8) % line
	if skip > 0 {
		skip = line - skip
	}
	return Memory(m[skip : skip+words : skip+words])
}

// Words returns the words of n elements, in whole cache lines.
func Words(n int, dt tensor.Dtype) int {
	bytes := n * int(dt.Size())
	return (bytes + 8*line - 1) / (8 * line) * line
}

// elements returns n elements of type T from a word on.
func elements[T kernels.Float](m Memory, at, n int) []T {
	if n == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&m[at])), n)
}

// bytesOf returns the memory of a slice.
func bytesOf[T kernels.Float](x []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), len(x)*int(unsafe.Sizeof(*new(T))))
}

// Dense returns a tensor in the memory from a word on. It makes t one, unless t is nil.
func (m Memory) Dense(t *tensor.Dense, dt tensor.Dtype, shape []int, at int) *tensor.Dense {
	n := tensors.Size(shape)
	if t == nil {
		if dt == tensor.Float32 {
			return dense(shape, elements[float32](m, at, n))
		}
		return dense(shape, []float64(m[at:at+n:at+n]))
	}
	t.Raw = unsafe.Slice((*byte)(unsafe.Pointer(&m[at])), n*int(dt.Size()))
	return t
}

// A placed op has its output at a word of the Memory, and that of its loop at another.
type placed struct {
	op       *Op
	at, loop int
}

// Attach gives the ops their memory, of at least Words words.
func (l *Lowered) Attach(m Memory) {
	for _, p := range l.owners {
		if o := p.op; l.dtype == tensor.Float32 {
			o.out.f32 = elements[float32](m, p.at, o.size)
		} else {
			o.out.f64 = m[p.at : p.at+o.size : p.at+o.size]
		}
		if p.op.loop != nil {
			p.op.loop.attach(m[p.loop : p.loop+p.op.loop.words()])
		}
	}
}

// Detach makes the ops forget their memory.
func (l *Lowered) Detach() {
	l.Rest()
	for _, p := range l.owners {
		p.op.out = Value{}
		if p.op.loop != nil {
			p.op.loop.detach()
		}
	}
	for _, o := range l.outputs {
		if o.t != nil {
			o.t.Raw = nil
		}
	}
}

// Rest makes the ops forget what they have read.
func (l *Lowered) Rest() {
	for _, o := range l.ops {
		clear(o.in32)
		clear(o.in64)
		if o.view {
			o.out = Value{}
		}
		if o.loop != nil {
			o.loop.rest()
		}
	}
	for _, in := range l.list {
		in.value = Value{}
	}
}
