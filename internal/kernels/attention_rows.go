package kernels

import "math"

// weighRows turns rows of scores into e^(score-maximum). A row has width elements, stride after those of the row before;
// those that do not matter become 0. sums has two numbers for each row, the maximum and the sum so far, which include the row
// afterwards; factors has what the row's earlier results must be multiplied with.
func weighRows[T Float](scores []T, stride, rows, width int, t triangle, sums, factors []T) {
	if vectorRows[T](rows * width) {
		_, _, _ = scores[(rows-1)*stride+ceilTo(width, blockGap)-1], sums[2*rows-1], factors[rows-1]
		vectorWeighRows(pointer(scores), stride, rows, width, t.seen, t.step, pointer(sums), pointer(factors))
		return
	}
	for r := range rows {
		n := max(0, min(width, t.seen+r*t.step))
		row := scores[r*stride:][:width]
		clear(row[n:])
		row = row[:n]
		old := sums[2*r]
		m := max(old, MaxOf(row))
		sums[2*r] = m
		m = max(m, -largest[T]()) // so that -Inf less it is no NaN
		factors[r] = expOf(old - m)
		sums[2*r+1] = T(sums[2*r+1]*factors[r]) + T(expSum(row, row, m))
	}
}

// scoreGradRows turns rows of scores, as in weighRows, into e^(score-maximum), and rows of the derivatives g of attention's weights
// into those by the scores, e^(score-maximum)·(g-dot). stats has the maximum and another number for each row, where 0 says that
// the row sees nothing.
func scoreGradRows[T Float](scores, grads []T, stride, rows, width int, t triangle, stats, dots []T) {
	if vectorRows[T](rows * width) {
		last := (rows-1)*stride + ceilTo(width, blockGap) - 1
		_, _, _, _ = scores[last], grads[last], stats[2*rows-1], dots[rows-1]
		vectorScoreGradRows(pointer(scores), pointer(grads), stride, rows, width, t.seen, t.step, pointer(stats), pointer(dots))
		return
	}
	for r := range rows {
		n := max(0, min(width, t.seen+r*t.step))
		if stats[2*r+1] == 0 {
			n = 0
		}
		e, g := scores[r*stride:][:width], grads[r*stride:][:width]
		clear(e[n:])
		clear(g[n:])
		expSum(e[:n], e[:n], stats[2*r])
		softmaxGradRow(g[:n], g[:n], e[:n], dots[r])
	}
}

// largest returns the largest number of the type.
func largest[T Float]() T {
	if single[T]() {
		return T(math.MaxFloat32)
	}
	var most float64 = math.MaxFloat64
	return T(most)
}
