package kernels

// The functions in this file read x as an array of shape (outer, groups, inner), sample by sample. The samples are summed in pieces,
// whose number depends only on the shape, and then over the pieces in order. So each worker reads long runs of memory, and the samples
// that it computed in the operation before.

const (
	batchPieces = 8
	batchBytes  = 1 << 18 // of samples that are read twice, which stay in the second-level cache
)

// A batch divides the samples among workers.
type batch struct {
	outer, groups, inner int
	pieces, across       int // of the samples and, if there are too few, of the groups
}

func newBatch(p *Pool, outer, groups, inner int) batch {
	b := batch{outer, groups, inner, max(1, min(outer, batchPieces)), 1}
	if b.pieces < p.Workers() {
		b.across = max(1, min(groups, p.Workers()))
	}
	return b
}

// part returns piece i of the samples [n0, n1) and the groups [g0, g1).
func (b *batch) part(i int) (piece, n0, n1, g0, g1 int) {
	piece, part := i/b.across, i%b.across
	return piece, b.outer * piece / b.pieces, b.outer * (piece + 1) / b.pieces, b.groups * part / b.across, b.groups * (part + 1) / b.across
}

// batchRow returns the elements of a group in a sample.
func batchRow[T Float](b *batch, x []T, n, g int) []T { return x[(n*b.groups+g)*b.inner:][:b.inner] }

// grain returns the number of parts for which one more worker pays.
func (b *batch) grain() int {
	return max(1, 1<<14/max(1, b.outer*b.groups*b.inner/(b.pieces*b.across)))
}

// A batchSum is the number of some elements, their sum, their mean and the sum of the squares of their distances from it.
type batchSum struct{ n, sum, mean, squares float64 }

// add adds other elements (Chan, Golub and LeVeque 1979, equation 2.1).
func (s *batchSum) add(o batchSum) {
	if s.n == 0 || o.n == 0 {
		if s.n == 0 {
			*s = o
		}
		return
	}
	n, d := s.n+o.n, o.mean-s.mean
	s.squares += o.squares + d*d*s.n*o.n/n
	s.mean += d * o.n / n
	s.n, s.sum = n, s.sum+o.sum
}

// borrowTallies returns n tallies with unspecified contents. The caller must return them with giveBackTallies.
func borrowTallies[T Float](n int) []tally[T] {
	b, _ := scratchOf[T]().tallies.pop()
	if cap(b) < n {
		b = make([]tally[T], n)
	}
	return b[:n]
}

func giveBackTallies[T Float](b []tally[T]) { scratchOf[T]().tallies.push(b) }

var freeBatchSums stack[[]batchSum]

// borrowBatchSums returns n sums of nothing. The caller must return them to freeBatchSums.
func borrowBatchSums(n int) []batchSum {
	b, _ := freeBatchSums.pop()
	if cap(b) < n {
		b = make([]batchSum, n)
	}
	clear(b[:n])
	return b[:n]
}

// BatchMoments sets mean[g] to the mean and variance[g] to the variance (divided by n) of each group g. Memory is read once.
func BatchMoments[T Float](p *Pool, mean, variance, x []T, outer, groups, inner int) {
	sameLength("BatchMoments", len(x), outer*groups*inner)
	sameLengths("BatchMoments", groups, len(mean), len(variance))
	b := newBatch(p, outer, groups, inner)
	parts := borrowBatchSums(b.pieces * groups)
	divide(p, b.pieces*b.across, b.grain(), batchMomentsJob[T]{b, parts, x})
	for g := range groups {
		var s batchSum
		for i := range b.pieces {
			s.add(parts[i*groups+g])
		}
		mean[g], variance[g] = T(s.sum/s.n), T(s.squares/s.n)
	}
	freeBatchSums.push(parts)
}

// A batchMomentsJob computes the sums of some parts.
type batchMomentsJob[T Float] struct {
	batch
	sums []batchSum // of each piece and group
	x    []T
}

func (j *batchMomentsJob[T]) piece(lo, hi int) {
	tallies, means := borrowTallies[T](j.groups), borrow[T](j.groups)
	few := max(1, batchBytes/sizeof[T]()/max(1, j.groups*j.inner))
	for i := lo; i < hi; i++ {
		piece, n0, n1, g0, g1 := j.part(i)
		for ; n0 < n1; n0 += few {
			j.add(j.sums[piece*j.groups:][:j.groups], tallies, means, n0, min(n0+few, n1), g0, g1)
		}
	}
	giveBack(means)
	giveBackTallies(tallies)
}

// add adds the samples [n0, n1), which are in the cache when they are read again, for their distances from the mean.
func (j *batchMomentsJob[T]) add(sums []batchSum, tallies []tally[T], means []T, n0, n1, g0, g1 int) {
	count := float64((n1 - n0) * j.inner)
	clear(tallies)
	for n := n0; n < n1; n++ {
		for g := g0; g < g1; g++ {
			tallies[g].add(batchRow(&j.batch, j.x, n, g))
		}
	}
	for g := g0; g < g1; g++ {
		sum, _ := tallies[g].sums()
		tallies[g], means[g] = tally[T]{}, T(sum/count)
		tallies[g].total[1] = sum
	}
	for n := n0; n < n1; n++ {
		for g := g0; g < g1; g++ {
			row := batchRow(&j.batch, j.x, n, g)
			tallies[g].addSquares(row, row, means[g])
		}
	}
	for g := g0; g < g1; g++ {
		squares, sum := tallies[g].sums()
		off := sum/count - float64(means[g]) // the rounding of the mean
		sums[g].add(batchSum{count, sum, sum / count, max(squares-count*off*off, 0)})
	}
}

// BatchDots sets sum[g] to Σ d and dot[g] to Σ d·(x-mean[g]) over each group g.
func BatchDots[T Float](p *Pool, sum, dot, d, x, mean []T, outer, groups, inner int) {
	sameLengths("BatchDots", outer*groups*inner, len(d), len(x))
	sameLengths("BatchDots", groups, len(sum), len(dot), len(mean))
	b := newBatch(p, outer, groups, inner)
	totals := borrow[float64](b.pieces * groups * 2)
	divide(p, b.pieces*b.across, b.grain(), batchDotsJob[T]{b, totals, d, x, mean})
	for g := range groups {
		var s, t float64
		for i := range b.pieces {
			s += totals[(i*groups+g)*2]
			t += totals[(i*groups+g)*2+1]
		}
		sum[g], dot[g] = T(s), T(t)
	}
	giveBack(totals)
}

// A batchDotsJob computes the sums of some parts.
type batchDotsJob[T Float] struct {
	batch
	totals     []float64 // of each piece and group, the two sums
	d, x, mean []T
}

func (j *batchDotsJob[T]) piece(lo, hi int) {
	tallies := borrowTallies[T](j.groups)
	for i := lo; i < hi; i++ {
		piece, n0, n1, g0, g1 := j.part(i)
		clear(tallies)
		for n := n0; n < n1; n++ {
			for g := g0; g < g1; g++ {
				tallies[g].addDots(batchRow(&j.batch, j.d, n, g), batchRow(&j.batch, j.x, n, g), j.mean[g])
			}
		}
		for g := g0; g < g1; g++ {
			at := (piece*j.groups + g) * 2
			j.totals[at], j.totals[at+1] = tallies[g].sums()
		}
	}
	giveBackTallies(tallies)
}
