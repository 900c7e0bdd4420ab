//go:build !noasm

package kernels

// The functions below run the form in use, which must not be Generic.

var (
	sumKernels1 = [...]simdKernel{opSum: simdSum, opSumExp: simdSumExp}
	sumKernels2 = [...]simdKernel{opDot: simdDot, opDotShift: simdDotShift, opExpSum: simdExpSum, opBCESum: simdBCESum, opDistance: simdDistance}
)

func vectorSum1(op sumOp1, a *float32, n int, c float32) float64 {
	return sumKernels1[op].sum(n, c, a)
}

func vectorSum2(op sumOp2, a, b *float32, n int, c float32) float64 {
	return sumKernels2[op].sum(n, c, a, b)
}

// sum calls the kernel and returns its result.
func (k simdKernel) sum(n int, c float32, pointers ...*float32) float64 {
	call := simdBegin()
	call.set(n, pointers)
	call.floats[0] = c
	k.invoke()
	s := call.results[0]
	simd.mu.Unlock()
	return s
}

func vectorMax(x *float32, n int) float32 { return simdMaxOf.extreme(x, n) }
func vectorMin(x *float32, n int) float32 { return simdMinOf.extreme(x, n) }

func (k simdKernel) extreme(x *float32, n int) float32 {
	call := simdBegin()
	call.set(n, []*float32{x})
	k.invoke()
	m := call.singles()[0]
	simd.mu.Unlock()
	return m
}

// singles returns the results as float32.
func (c *simdCall) singles() *[64]float32 {
	return (*[64]float32)(address(c.results[:]))
}

// vectorNonFinite reports whether an element is NaN or infinite: a sum of float32 cannot overflow in double precision.
func vectorNonFinite(x *float32, n int) bool {
	s := vectorSum1(opSum, x, n, 0)
	return s-s != 0
}

// vectorColSum sets lane to the sums of the first width columns, at most sumCols.
func vectorColSum(lane *[sumCols]float64, x *float32, rows, width, stride int) {
	call := simdBegin()
	call.set(rows, []*float32{x})
	call.ints[1], call.ints[2] = width, 4*stride
	simdColSum.invoke()
	copy(lane[:width], call.results[:])
	simd.mu.Unlock()
}

// lanes calls a kernel that adds to two times sumLanes sums.
func (k simdKernel) lanes(lanes *[2 * sumLanes]float32, n int, mean float32, pointers ...*float32) {
	call := simdBegin()
	call.set(n, pointers)
	call.floats[0] = mean
	sums := call.singles()
	copy(sums[:], lanes[:])
	k.invoke()
	copy(lanes[:], sums[:])
	simd.mu.Unlock()
}

func vectorLaneSum(lanes *[2 * sumLanes]float32, x *float32, n int) {
	simdLaneSum.lanes(lanes, n, 0, x)
}
func vectorLaneSquares(lanes *[2 * sumLanes]float32, x *float32, n int, mean float32) {
	simdLaneSquares.lanes(lanes, n, mean, x)
}
func vectorLaneDots(lanes *[2 * sumLanes]float32, d, x *float32, n int, mean float32) {
	simdLaneDots.lanes(lanes, n, mean, d, x)
}
func vectorLaneRowDots(lanes *[2 * sumLanes]float32, d, x, w *float32, n int, mean float32) {
	simdLaneRowDots.lanes(lanes, n, mean, d, x, w)
}
