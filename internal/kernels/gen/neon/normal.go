package main

import "math"

// The functions in this file take the steps of NormalFill's portable form, on two float64, without fused products.

// long returns a register filled with 64 bits, double one filled with a number.
func (f *function) long(b uint64) vec {
	v := f.fresh()
	f.memory(ldrQ, v, constantBase, constants.placeWords([4]uint32{uint32(b), uint32(b >> 32), uint32(b), uint32(b >> 32)}), 16, false)
	return v
}

func (f *function) double(x float64) vec { return f.long(math.Float64bits(x)) }

// do returns the result of an instruction.
func (f *function) do(i instruction, use ...vec) vec { return f.emit(i, 0, 0, use...) }

// shiftDouble returns the result of a shift of 64 bits.
func (f *function) shiftDouble(i instruction, a vec, by int) vec {
	field := uint32(64 + by)
	if i != shlD {
		field = uint32(128 - by)
	}
	return f.emit(i, by, field<<16, a)
}

// polynomial evaluates c[0] + c[1]·z + … .
func (f *function) polynomial(z vec, c ...float64) vec {
	p := f.double(c[len(c)-1])
	for i := len(c) - 2; i >= 0; i-- {
		p = f.do(faddD, f.do(fmulD, p, z), f.double(c[i]))
	}
	return p
}

// two52 is 2⁵²: the low bits of a float64 of this size are an integer.
const two52 = 1 << 52

// log64 is steadyLog of package kernels.
func (f *function) log64(u vec) vec {
	half := math.Float64bits(math.Sqrt2 / 2)
	i := f.do(subD, u, f.long(half))
	biased := f.shiftDouble(ushrD, f.do(addD, i, f.long(1023<<52)), 52)
	e := f.do(fsubD, f.do(orr, biased, f.double(two52)), f.double(two52+1023))
	g := f.do(fsubD, f.do(addD, f.do(and, i, f.long(1<<52-1)), f.long(half)), f.double(1))
	s := f.do(fdivD, g, f.do(faddD, f.double(2), g))
	z := f.do(fmulD, s, s)
	p := f.polynomial(z, 6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01, 2.222219843214978396e-01,
		1.818357216161805012e-01, 1.531383769920937332e-01, 1.479819860511658591e-01)
	h := f.do(fmulD, f.do(fmulD, f.double(0.5), g), g)
	r := f.do(fmulD, s, f.do(faddD, h, f.do(fmulD, z, p)))
	const ln2hi, ln2lo = 6.93147180369123816490e-01, 1.90821492927058770002e-10
	low := f.do(fsubD, f.do(fsubD, h, f.do(faddD, r, f.do(fmulD, e, f.double(ln2lo)))), g)
	return f.do(fsubD, f.do(fmulD, e, f.double(ln2hi)), low)
}

// sinCos is steadySinCos of package kernels.
func (f *function) sinCos(x vec) (sin, cos vec) {
	z := f.do(fmulD, x, x)
	p := f.polynomial(z, -1.66666666666666324348e-01, 8.33333333332248946124e-03, -1.98412698298579493134e-04,
		2.75573137070700676789e-06, -2.50507602534068634195e-08, 1.58969099521155010221e-10)
	q := f.polynomial(z, 4.16666666666666019037e-02, -1.38888888888741095749e-03, 2.48015872894767294178e-05,
		-2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11)
	sin = f.do(faddD, x, f.do(fmulD, f.do(fmulD, x, z), p))
	cos = f.do(faddD, f.do(fsubD, f.double(1), f.do(fmulD, f.double(0.5), z)), f.do(fmulD, f.do(fmulD, z, z), q))
	return sin, cos
}

// boxMuller is the function of that name in package kernels, on integers of 24 bits as float64. The results are float32 in the
// lower half.
func (f *function) boxMuller(a, b vec) (even, odd vec) {
	r := f.log64(f.do(fmulD, f.do(faddD, a, f.double(1)), f.double(0x1p-24)))
	r = f.do(fsqrtD, f.do(fmulD, f.double(-2), r))
	turns := f.do(fmulD, b, f.double(4*0x1p-24))
	quarter := f.do(frintmD, f.do(faddD, turns, f.double(0.5)))
	sin, cos := f.sinCos(f.do(fmulD, f.do(fsubD, turns, quarter), f.double(math.Pi/2)))
	q := f.do(faddD, quarter, f.double(two52))
	differ := f.do(and, f.do(eor, sin, cos), f.shiftDouble(sshrD, f.shiftDouble(shlD, q, 63), 63)) // in odd quarters they change places
	minus := f.long(1 << 63)
	sin = f.do(eor, f.do(eor, sin, differ), f.do(and, f.shiftDouble(shlD, q, 62), minus))
	cos = f.do(eor, f.do(eor, cos, differ), f.do(and, f.shiftDouble(shlD, f.do(addD, q, f.long(1)), 62), minus))
	return f.do(fcvtn, f.do(fmulD, r, cos)), f.do(fcvtn, f.do(fmulD, r, sin))
}
