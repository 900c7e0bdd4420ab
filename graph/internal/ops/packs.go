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

// Packs keeps the packed form of parameters that are the right factor of products or the weights of convolutions, for programs that do
// not change parameters. The bits of a product stay the same. A matrix is packed when it is used a second time without a change in between; if every
// use follows a change, packing does not pay.
type Packs struct {
	version uint64 // of the parameters
	mu      sync.Mutex
	list    map[unsafe.Pointer]*pack // by the address of the first element
	words   int                      // of all packed forms
	rest    Memory                   // for the next ones
}

const (
	packsApart  = 2 << 20 / 8 // up to this number of words, packed forms have memory of their own
	packsAtOnce = 4 << 20 / 8 // words of memory that later ones share
)

// memory returns n elements for a packed form. Many packed forms lie together, in large pages.
func memory[T kernels.Float](s *Packs, n int) []T {
	words := Words(n, tensor.Float64)
	if _, single := any(T(0)).(float32); single {
		words = Words(n, tensor.Float32)
	}
	if s.words += words; s.words <= packsApart || words > packsAtOnce {
		return elements[T](NewMemory(words), 0, n)
	}
	if len(s.rest) < words {
		s.rest = NewMemory(packsAtOnce)
	}
	m := s.rest
	s.rest = m[words:]
	return elements[T](m[:words:words], 0, n)
}

// A pack is one parameter, in the shape in which the first product uses it.
type pack struct {
	version uint64 // of the parameters that uses and packed refer to
	uses    int    // since then, at most 2
	form    any    // a matrixForm or kernels.ConvOrder
	packed  any    // *kernels.Packed or *kernels.PackedConv of the element type
}

// A matrixForm is the shape in which a product uses a parameter.
type matrixForm struct {
	rows, cols int
	transposed bool
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
	x, fill := find[kernels.Packed[T]](s, begin(b.Data), matrixForm{b.Rows, b.Cols, b.T})
	if fill {
		if x.Empty() {
			rows, cols := b.Rows, b.Cols
			if b.T {
				rows, cols = cols, rows
			}
			x.Use(memory[T](s, kernels.PackedSize[T](rows, cols)))
		}
		x.Pack(pool, b)
	}
	return x
}

// packedConv returns the packed form of the weights w of a convolution, nil if there is none. s may be nil.
func packedConv[T kernels.Float](s *Packs, pool *kernels.Pool, shape kernels.ConvShape, w []T) *kernels.PackedConv[T] {
	if s == nil || len(w) > packLimit {
		return nil
	}
	order := kernels.OrderOf[T](shape)
	if order == (kernels.ConvOrder{}) {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x, fill := find[kernels.PackedConv[T]](s, begin(w), order)
	if fill {
		if x.Empty() {
			x.Use(memory[T](s, kernels.PackedConvSize[T](shape)))
		}
		x.Pack(pool, shape, w)
	}
	return x
}

// find returns the packed form of a parameter that is used in the given form, nil if there is none, and whether it must be filled now.
// s.mu must be held.
func find[X any, F comparable](s *Packs, at unsafe.Pointer, form F) (x *X, fill bool) {
	p := s.list[at]
	if p == nil {
		return nil, false
	}
	if p.version != s.version {
		p.version, p.uses = s.version, 0
	}
	if p.uses == 0 {
		p.uses, p.form = 1, form
		return nil, false
	}
	if first, ok := p.form.(F); !ok || first != form { // this one uses it in another form
		return nil, false
	}
	if x, _ = p.packed.(*X); x == nil {
		x = new(X)
		p.packed = x
	}
	fill, p.uses = p.uses == 1, 2
	return x, fill
}

// An ownPack is the packed form of a convolution's weights that a settled op computes. It belongs to one op, as these weights do.
type ownPack[T kernels.Float] struct {
	packed  kernels.PackedConv[T]
	used    bool
	filled  bool
	version uint64 // of the parameters
}

// newOwnPack returns an ownPack for a convolution, which it uses if that has such weights.
func newOwnPack[T kernels.Float](part ConvPart, shape kernels.ConvShape, o *Op) *ownPack[T] {
	p := &ownPack[T]{}
	weights := Of(o.In[1])
	if part != ConvForward || o.env.Packs == nil || weights == nil || !weights.settled || weights.size > packLimit ||
		kernels.OrderOf[T](shape) == (kernels.ConvOrder{}) {
		return p
	}
	p.used, o.packed = true, Words(kernels.PackedConvSize[T](shape), o.DType)
	return p
}

// of returns the packed form of the weights w of the convolution o, nil if there is none.
func (p *ownPack[T]) of(o *Op, shape kernels.ConvShape, w []T) *kernels.PackedConv[T] {
	packs := o.env.Packs
	if !p.used {
		return packedConv(packs, o.env.Pool, shape, w)
	}
	if !p.filled || p.version != packs.version {
		p.packed.Pack(o.env.Pool, shape, w)
		p.filled, p.version = true, packs.version
	}
	return &p.packed
}
