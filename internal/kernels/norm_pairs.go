package kernels

// The functions in this file add two rows to the sums of two tallies, each as for one row: so they have the same bits. An addition to a
// lane waits for the one before, so two rows take little longer than one. The second row begins apart elements after the first.

// pairs reports whether a kernel has a form for two rows of n elements.
func pairs[T Float](n int) bool { return pairForms && vectorised[T](n) }

// addPair is add for the rows of n elements.
func addPair[T Float](t, u *tally[T], x []T, n, apart int) {
	x = x[:apart+n]
	for at := 0; at < n; at += sumPiece {
		size := min(n-at, sumPiece)
		vectorLaneSumPair(t.singles(), u.singles(), pointer(x[at:]), size, apart)
		t.counted(size)
		u.counted(size)
	}
}

// addSquaresPair is addSquares for the rows of n elements.
func addSquaresPair[T Float](t, u *tally[T], x []T, n, apart int, mean, mean2 T) {
	x = x[:apart+n]
	for at := 0; at < n; at += sumPiece {
		size := min(n-at, sumPiece)
		vectorLaneSquaresPair(t.singles(), u.singles(), pointer(x[at:]), size, apart, float32(mean), float32(mean2))
		t.counted(size)
		u.counted(size)
	}
}

// addDotsPair is addDots for the rows of n elements.
func addDotsPair[T Float](t, u *tally[T], d, x []T, n, apart int, mean, mean2 T) {
	d, x = d[:apart+n], x[:apart+n]
	for at := 0; at < n; at += sumPiece {
		size := min(n-at, sumPiece)
		vectorLaneDotsPair(t.singles(), u.singles(), pointer(d[at:]), pointer(x[at:]), size, apart, float32(mean), float32(mean2))
		t.counted(size)
		u.counted(size)
	}
}

// addRowDotsPair is addRowDots for two rows, one after the other.
func addRowDotsPair[T Float](t, u *tally[T], d, x, w []T, mean, mean2 T) {
	n := len(w)
	d, x = d[:2*n], x[:2*n]
	for at := 0; at < n; at += sumPiece {
		size := min(n-at, sumPiece)
		vectorLaneRowDotsPair(t.singles(), u.singles(), pointer(d[at:]), pointer(x[at:]), pointer(w[at:]), size, n, float32(mean), float32(mean2))
		t.counted(size)
		u.counted(size)
	}
}
