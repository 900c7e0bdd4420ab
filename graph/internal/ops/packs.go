package ops

import (
	"sync"
	"unsafe"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// packLimit is the largest number of elements of a matrix that is kept packed, since that is a second copy of it.
const packLimit = 4 << 20

// Packs keeps the packed form of parameters that are the right factor of products, for programs that do not change parameters.
// The bits of a product stay the same. A matrix is packed when it is used a second time without a change in between; if every
// use follows a change, packing does not pay.
type Packs struct {
	version uint64 // of the parameters
	mu      sync.Mutex
	list    map[unsafe.Pointer]*pack // by the address of the first element
}

// A pack is one parameter, in the shape in which the first product uses it.
type pack struct {
	version    uint64 // of the parameters that uses and packed refer to
	uses       int    // since then, at most 2
	rows, cols int
	transposed bool
	packed     any // *kernels.Packed of the element type
}

// Add adds a parameter.
func (s *Packs) Add(t *tensor.Dense) {
	if s.list == nil {
		s.list = map[unsafe.Pointer]*pack{}
	}
	if t.Dtype() == tensor.Float32 {
		s.list[begin(tensors.Data[float32](t))] = &pack{}
	} else {
		s.list[begin(tensors.Data[float64](t))] = &pack{}
	}
}

func begin[T any](data []T) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(data)) }

// Changed invalidates all packs, after parameters have changed. No program may run at the same time.
func (s *Packs) Changed() { s.version++ }

// packed returns the packed form of b, nil if there is none. s may be nil.
func packed[T kernels.Float](s *Packs, pool *kernels.Pool, b kernels.Matrix[T]) *kernels.Packed[T] {
	if s == nil || len(b.Data) > packLimit {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.list[begin(b.Data)]
	if p == nil {
		return nil
	}
	if p.version != s.version {
		p.version, p.uses = s.version, 0
	}
	if p.uses == 0 {
		p.uses, p.rows, p.cols, p.transposed = 1, b.Rows, b.Cols, b.T
		return nil
	}
	if p.rows != b.Rows || p.cols != b.Cols || p.transposed != b.T { // this product uses it reshaped or transposed
		return nil
	}
	x, ok := p.packed.(*kernels.Packed[T])
	if !ok {
		x = new(kernels.Packed[T])
		p.packed = x
	}
	if p.uses == 1 {
		p.uses = 2
		x.Pack(pool, b)
	}
	return x
}
