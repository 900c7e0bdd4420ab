package kernels

// halvesRows is the number of rows from which on a sum over rows is that of two halves.
const halvesRows = 1024

// halves divides a sum over the rows of a matrix, as a gradient over the rows of a batch: from halvesRows on it is the sum of the first
// half of the rows, and that of the rest. So each of two workers reads the rows that it has computed in the operation before. If it
// read the other's rows as well, each line of cache would be in both cores; to write to such a line again takes five times as long as
// to write to a line that only the other core has, 11 ns on a virtual machine. More workers divide the columns of the sum.
type halves struct {
	rows, cols   int
	count        int // 2, or 1 for few rows
	pieces, size int // of the columns
}

// newHalves divides rows × cols elements for p's workers, into pieces of a multiple of tile columns.
func newHalves(p *Pool, rows, cols, tile int) halves {
	h := halves{rows: rows, cols: cols, count: 1}
	if rows >= halvesRows {
		h.count = 2
	}
	h.size = pieceOf(cols, cols, tile, (p.Workers()+h.count-1)/h.count)
	h.pieces = (cols + h.size - 1) / h.size
	return h
}

// parts returns the number of parts.
func (h halves) parts() int { return h.count * h.pieces }

// part returns which half part i belongs to, and its rows and columns.
func (h halves) part(i int) (half, row0, row1, col0, col1 int) {
	half, col0 = i/h.pieces, i%h.pieces*h.size
	return half, h.rows * half / h.count, h.rows * (half + 1) / h.count, col0, min(col0+h.size, h.cols)
}
