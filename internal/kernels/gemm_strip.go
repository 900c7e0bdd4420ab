package kernels

// A strip is the argument of a micro-kernel: some rows of A times one panel of B, which is as many columns as a tile is
// wide. Element (i, k) of A is at i·aRow + k·aCol within a tile, and the next full tile begins aPanel further on, so that a
// packed operand and a plain matrix are the same to the kernel. Element (k, j) of B is at k·bRow + j. The assembly can take
// four panels at once if there is but one row; the next panel is bPanel further on. It knows the fields' offsets; steps
// are in bytes.
type strip[T Float] struct {
	a, b, c, bias      []T
	aCol, aRow, aPanel int
	bRow, bPanel, cRow int
	rows, cols, depth  int // of this strip; depth is at least 1
	flags              stripFlags
	alpha, beta        T
}

// stripFlags say what becomes of a sum beyond c = alpha·sum.
type stripFlags int

const (
	addBeta   stripFlags = 1 << iota // + beta·c
	addBias                          // + bias[j]
	applyReLU                        // max(0, …)
)

// tileSize returns the rows and the columns of a tile in the form i.
func tileSize[T Float](i ISA) (rows, cols int) {
	switch i {
	case AVX512:
		rows, cols = 12, 32
	case AVX2:
		rows, cols = 6, 16
	default:
		return 1, genericCols
	}
	if !single[T]() {
		cols /= 2
	}
	return rows, cols
}

// wideCols returns the columns that the micro-kernel of the form i can take if there is but one row.
func wideCols[T Float](i ISA) int {
	_, cols := tileSize[T](i)
	if i != Generic {
		cols *= 4
	}
	return cols
}

// sizeof returns the bytes of an element.
func sizeof[T Float]() int {
	if single[T]() {
		return 4
	}
	return 8
}
