// Command elementwise writes the assembly of the element-wise kernels, the reductions, the optimizer updates and the random
// numbers, for AVX2 and AVX-512 from the same description.
package main

import . "github.com/mmcloughlin/avo/build"

func main() {
	ConstraintExpr("!noasm")
	for _, e := range arithmetic {
		e.emit()
	}
	for _, e := range functions {
		e.emit()
	}
	for _, s := range sums {
		s.emit()
	}
	emitExtreme("maxOf", "returns the largest element, or -Inf.", 0xff800000, lanes.maximum)
	emitExtreme("minOf", "returns the smallest element, or +Inf.", 0x7f800000, lanes.minimum)
	emitZeros()
	emitColumns()
	emitCopyRow()
	emitPrefetchRows()
	emitFetchToWrite()
	for _, s := range updates {
		s.emit()
	}
	for _, s := range laneSums {
		s.emit()
	}
	for _, s := range norms {
		s.emit()
	}
	emitRowNorms()
	emitNarrow()
	emitAttention()
	emitRandom()
	emitFromBytes()
	emitCells()
	emitNormalRuns()
	emitPieces()
	emitRowDots("rowSums", "sets the sums of d and d·(x-mean) of rows. It prefetches as many elements of next.", false)
	Generate()
	broadcastConstants()
}
