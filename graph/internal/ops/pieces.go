package ops

import "github.com/nndiy/nndiy/internal/kernels"

// inPieces returns a kernel that calls f(out, in, lo, hi) on pieces of [0, n), of at least grain units, on the workers of o's pool.
// Since an op runs once at a time, the function for the workers is made once, and a run allocates nothing.
func inPieces[T kernels.Float](o *Op, n, grain int, f func(out []T, in [][]T, lo, hi int)) func(out []T, in [][]T) {
	var to []T
	var from [][]T
	piece := func(lo, hi int) { f(to, from, lo, hi) }
	return func(out []T, in [][]T) {
		to, from = out, in
		o.env.Pool.For(n, grain, piece)
		to, from = nil, nil
	}
}
