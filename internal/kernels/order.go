package kernels

// orderColumns is the number of columns that Order turns into rows at once: their elements fill the lines of the cache.
const orderColumns = 16

// Order writes the positions of the first k elements of the sorted columns lo to hi of x, a matrix with rows of width elements,
// to the columns of dst, a matrix of k rows. Columns are sorted in ascending order, or in descending order; equal elements keep
// their order. NaN is larger than any number, and -0 equals 0.
func Order[T Float](dst, x []T, width, k, lo, hi int, descending bool) {
	n := len(x) / width
	columns, first := borrow[T](min(hi-lo, orderColumns)*n), borrow[T](k)
	for ; lo < hi; lo += orderColumns {
		together := min(hi-lo, orderColumns)
		transpose(columns, x[lo:], width, n, n, together)
		for c := range together {
			OrderRows(first, columns[c*n:][:n], n, k, descending)
			for i, v := range first {
				dst[i*width+lo+c] = v
			}
		}
	}
	giveBack(first)
	giveBack(columns)
}

// OrderRows is Order along the rows of a matrix of n columns: rows of dst have k elements.
func OrderRows[T Float](dst, x []T, n, k int, descending bool) {
	sameLength("OrderRows", len(dst)/k*n, len(x))
	if single[T]() {
		orderRows[T, uint32](dst, x, n, k, descending)
	} else {
		orderRows[T, uint64](dst, x, n, k, descending)
	}
}

func orderRows[T Float, K orderKey](dst, x []T, n, k int, descending bool) {
	s, ok := sortersOf[T, K]().pop()
	if !ok {
		s = new(sorter[T, K])
	}
	for ; len(x) > 0; dst, x = dst[k:], x[n:] {
		s.x, s.descending = x[:n], descending
		for i, v := range s.first(k)[:k] {
			dst[i] = T(v.at)
		}
	}
	s.x = nil
	sortersOf[T, K]().push(s)
}
