package kernels

// rowsAtOnce is the number of rows whose sums do not wait for each other.
const rowsAtOnce = 4

// CumSumRows is CumSum along the rows of a matrix of n columns.
func CumSumRows[T Float](dst, x []T, n int, exclusive, reverse bool) {
	sameLength("CumSumRows", len(dst), len(x))
	for ; len(x) >= rowsAtOnce*n && n > 0; dst, x = dst[rowsAtOnce*n:], x[rowsAtOnce*n:] {
		cumSumFour(dst, x, n, exclusive, reverse)
	}
	for ; len(x) > 0; dst, x = dst[n:], x[n:] {
		CumSum(dst[:n], x[:n], 1, 0, 1, exclusive, reverse)
	}
}

// cumSumFour is CumSumRows of four rows. As a function of its own it keeps its variables in registers.
//
//go:noinline
func cumSumFour[T Float](dst, x []T, n int, exclusive, reverse bool) {
	a, b, c, d := x[:n], x[n:][:n], x[2*n:][:n], x[3*n:][:n]
	p, q, r, s := dst[:n], dst[n:][:n], dst[2*n:][:n], dst[3*n:][:n]
	var e, f, g, h float64
	i, step := 0, 1
	if reverse {
		i, step = n-1, -1
	}
	for range n {
		e1, f1, g1, h1 := e+float64(a[i]), f+float64(b[i]), g+float64(c[i]), h+float64(d[i])
		if exclusive {
			p[i], q[i], r[i], s[i] = T(e), T(f), T(g), T(h)
		} else {
			p[i], q[i], r[i], s[i] = T(e1), T(f1), T(g1), T(h1)
		}
		e, f, g, h = e1, f1, g1, h1
		i += step
	}
}

// RecurrenceRows is [Recurrence] along the rows of matrices of n columns.
func RecurrenceRows[T Float](dst, a, b []T, n int, reverse bool) {
	sameLengths("RecurrenceRows", len(dst), len(a), len(b))
	for ; len(b) >= rowsAtOnce*n && n > 0; dst, a, b = dst[rowsAtOnce*n:], a[rowsAtOnce*n:], b[rowsAtOnce*n:] {
		recurrenceFour(dst, a, b, n, reverse)
	}
	for ; len(b) > 0; dst, a, b = dst[n:], a[n:], b[n:] {
		Recurrence(dst[:n], a[:n], b[:n], 1, 0, 1, reverse)
	}
}

// recurrenceFour is RecurrenceRows of four rows, a function of its own as cumSumFour is.
//
//go:noinline
func recurrenceFour[T Float](dst, a, b []T, n int, reverse bool) {
	i, step := 0, 1
	if reverse {
		i, step = n-1, -1
	}
	a, b, dst = a[:4*n], b[:4*n], dst[:4*n]
	p, q, r, s := float64(b[i]), float64(b[n+i]), float64(b[2*n+i]), float64(b[3*n+i])
	dst[i], dst[n+i], dst[2*n+i], dst[3*n+i] = T(p), T(q), T(r), T(s)
	for range n - 1 {
		i += step
		p = float64(float64(a[i])*p) + float64(b[i])
		q = float64(float64(a[n+i])*q) + float64(b[n+i])
		r = float64(float64(a[2*n+i])*r) + float64(b[2*n+i])
		s = float64(float64(a[3*n+i])*s) + float64(b[3*n+i])
		dst[i], dst[n+i], dst[2*n+i], dst[3*n+i] = T(p), T(q), T(r), T(s)
	}
}

// ArgExtremeRows is ArgExtreme along the rows of a matrix of n columns.
func ArgExtremeRows[T Float](dst, x []T, n int, smallest bool) {
	sameLength("ArgExtremeRows", len(x), len(dst)*n)
	for i := range dst {
		row, extreme := x[i*n:(i+1)*n], MaxOf[T]
		if smallest {
			extreme = MinOf[T]
		}
		m := extreme(row)
		at := 0
		if m == m {
			for row[at] != m {
				at++
			}
		} else {
			for row[at] == row[at] {
				at++
			}
		}
		dst[i] = T(at)
	}
}
