package kernels

// A strip is the argument of a micro-kernel: some rows of A times one panel of B, which is as many columns as a tile is
// wide. Within a tile, element (i, k) of A is at i·aRow + k·aCol; the next full tile begins aPanel after it. So a packed
// operand and a plain matrix are the same to the kernel. Element (k, j) of B is at k·bRow + j. A strip may have several
// panels, bPanel apart (stripCols). The assembly knows the offsets of the fields. Strides are in bytes.
type strip[T Float] struct {
	a, b, c, bias      []T
	aCol, aRow, aPanel int
	bRow, bPanel, cRow int
	rows, cols, depth  int // depth is at least 1
	flags              stripFlags
	alpha, beta        T
	low, high          T // of applyClip
}

// An aheadStrip is a strip during which the processor fetches memory that is read next into the cache of the second level. Each full
// tile whose A has contiguous columns, packed or transposed, fetches depth pieces of 64 bytes, aheadRow bytes apart, and moves ahead by
// 64 bytes. AVX2 and AVX-512 do so, if the flag fetchAhead is set; the other forms compute the strip as it is.
type aheadStrip[T Float] struct {
	strip[T]
	ahead    uintptr // an address, and no pointer, since it may come to lie behind the memory
	aheadRow int
}

// fetchAhead makes an aheadStrip of a strip.
const fetchAhead = 1 << 4

// applyClip bounds c by low and high, last of all. AVX2 and AVX-512 know it.
const applyClip = 1 << 5

// clip has s apply the activation of e, which may be nil, if that is ActClip and the form i knows it. It reports whether it does.
func (s *strip[T]) clip(i ISA, e *Epilogue[T]) bool {
	if e == nil || e.Act != ActClip || i != AVX2 && i != AVX512 {
		return false
	}
	s.low, s.high, s.flags = e.Low, e.High, s.flags|applyClip
	return true
}

// stripFlags select the terms added to c = alpha·sum, and the ReLU.
type stripFlags int

const (
	addBeta   stripFlags = 1 << iota // + beta·c
	addBias                          // + bias[j]
	applyReLU                        // max(0, …)
)

// formOf returns the form of products of elements of type T, if i is in use.
func formOf[T Float](i ISA) ISA {
	if i == SIMD128 && !single[T]() {
		return Generic
	}
	return i
}

// tileSize returns the number of rows and columns of a tile in the form i.
func tileSize[T Float](i ISA) (rows, cols int) {
	switch formOf[T](i) {
	case AVX512:
		rows, cols = 12, 32
	case AVX2:
		rows, cols = 6, 16
	case SIMD128:
		return 4, 8
	case NEON:
		rows, cols = 8, 12
	default:
		return genericTileRows, genericTileCols
	}
	if !single[T]() {
		cols /= 2
	}
	return rows, cols
}

// stripCols returns the number of columns of a strip of the form i with the given number of rows, if left columns are left.
func stripCols[T Float](i ISA, rows, left int) int {
	_, cols := tileSize[T](i)
	switch i = formOf[T](i); {
	case i == Generic:
		cols = genericCols
	case i == SIMD128: // a call takes as long as a thousand products
		cols = left
	case rows == 1 && left >= 4*cols:
		cols *= 4
	}
	return min(cols, left)
}

// tapCols is stripCols for runTaps.
func tapCols[T Float](i ISA, rows, left int) int {
	switch {
	case i == NEON: // which takes one panel
		rows = 2
	case rows > 1 && (i == AVX2 || i == AVX512): // which take any number
		return left
	}
	return stripCols[T](i, rows, left)
}

// sizeof returns the size of an element in bytes.
func sizeof[T Float]() int {
	if single[T]() {
		return 4
	}
	return 8
}
