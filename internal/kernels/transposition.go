package kernels

// transposeCols is the number of columns of a matrix that a piece of a transposition has, at least: they meet whole lines of the cache.
const transposeCols = 32

// A Transposition is a permutation of dimensions as many transpositions of matrices of rows × cols elements.
type Transposition struct {
	rows, cols    int
	to, from      int   // elements between rows of the output and of the input
	dims          []int // the other dimensions,
	toSteps       []int // and the elements between their indices in the output
	fromSteps     []int // and in the input
	count, pieces int   // of matrices, and of pieces of a matrix
}

// NewTransposition returns the permutation to an output with dimensions that are strides apart in the input. It reports false if the
// last dimension of more than one element is the same in both, or if there are no elements.
func NewTransposition(dims, strides []int) (t Transposition, ok bool) {
	var size, stride, step []int // without dimensions of one element, and with those merged that are adjacent in both
	next := 1
	for i := len(dims) - 1; i >= 0; i-- {
		last := len(size) - 1
		switch {
		case dims[i] == 1:
			continue
		case last >= 0 && strides[i] == stride[last]*size[last]:
			size[last] *= dims[i]
		default:
			size, stride, step = append(size, dims[i]), append(stride, strides[i]), append(step, next)
		}
		next *= dims[i]
	}
	if len(size) < 2 || stride[0] == 1 || next == 0 {
		return t, false
	}
	t = Transposition{rows: size[0], from: stride[0], count: 1}
	for i := 1; i < len(size); i++ {
		if stride[i] == 1 {
			t.cols, t.to = size[i], step[i]
			continue
		}
		t.dims, t.toSteps, t.fromSteps = append(t.dims, size[i]), append(t.toSteps, step[i]), append(t.fromSteps, stride[i])
		t.count *= size[i]
	}
	t.pieces = max(1, t.cols/transposeCols)
	return t, t.cols > 0
}

// Pieces returns the number of pieces of the work, and the elements of each, about.
func (t Transposition) Pieces() (n, elements int) {
	return t.count * t.pieces, t.rows * t.cols / t.pieces
}

// Permute sets the elements of the pieces from lo to hi of a transposition.
func Permute[T Float](t Transposition, dst, src []T, lo, hi int) {
	for i := lo; i < hi; i++ {
		to, from, rest := 0, 0, i/t.pieces
		for d, n := range t.dims {
			to, from, rest = to+rest%n*t.toSteps[d], from+rest%n*t.fromSteps[d], rest/n
		}
		first, end := i%t.pieces*t.cols/t.pieces, (i%t.pieces+1)*t.cols/t.pieces
		Transpose(dst[to+first*t.to:], src[from+first:], t.rows, end-first, t.to, t.from)
	}
}
