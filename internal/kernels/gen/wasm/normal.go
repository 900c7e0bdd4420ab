package main

import "math"

// The functions in this file take the steps of NormalFill's portable form, on two float64.

// polynomial evaluates c[0] + c[1]·z + … .
func polynomial(z code, c ...float64) code {
	p := kd(c[len(c)-1])
	for i := len(c) - 2; i >= 0; i-- {
		p = addDouble(mulDouble(p, z), kd(c[i]))
	}
	return p
}

// two52 is 2⁵²: the low bits of a float64 of this size are an integer.
const two52 = 1 << 52

// log64 is steadyLog of package kernels.
func (f *function) log64(u code) code {
	half := math.Float64bits(math.Sqrt2 / 2)
	i := f.let(v128, subLong(u, long(half)))
	biased := shiftRightLong0(addLong(i, long(1023<<52)), 52)
	e := f.let(v128, subDouble(or(biased, kd(two52)), kd(two52+1023)))
	g := f.let(v128, subDouble(addLong(and(i, long(1<<52-1)), long(half)), kd(1)))
	s := f.let(v128, divDouble(g, addDouble(kd(2), g)))
	z := f.let(v128, mulDouble(s, s))
	p := polynomial(z, 6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01, 2.222219843214978396e-01,
		1.818357216161805012e-01, 1.531383769920937332e-01, 1.479819860511658591e-01)
	h := f.let(v128, mulDouble(mulDouble(kd(0.5), g), g))
	r := mulDouble(s, addDouble(h, mulDouble(z, p)))
	const ln2hi, ln2lo = 6.93147180369123816490e-01, 1.90821492927058770002e-10
	return subDouble(mulDouble(e, kd(ln2hi)), subDouble(subDouble(h, addDouble(r, mulDouble(e, kd(ln2lo)))), g))
}

// sinCos is steadySinCos of package kernels.
func (f *function) sinCos(x code) (sin, cos code) {
	z := f.let(v128, mulDouble(x, x))
	p := polynomial(z, -1.66666666666666324348e-01, 8.33333333332248946124e-03, -1.98412698298579493134e-04,
		2.75573137070700676789e-06, -2.50507602534068634195e-08, 1.58969099521155010221e-10)
	q := polynomial(z, 4.16666666666666019037e-02, -1.38888888888741095749e-03, 2.48015872894767294178e-05,
		-2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11)
	sin = addDouble(x, mulDouble(mulDouble(x, z), p))
	cos = addDouble(subDouble(kd(1), mulDouble(kd(0.5), z)), mulDouble(mulDouble(z, z), q))
	return f.let(v128, sin), f.let(v128, cos)
}

// boxMuller is the function of that name in package kernels, on integers of 24 bits as float64. The results are float32 in the
// lower two elements.
func (f *function) boxMuller(a, b code) (even, odd code) {
	r := f.log64(f.let(v128, mulDouble(addDouble(a, kd(1)), kd(0x1p-24))))
	r = f.let(v128, sqrtDouble(mulDouble(kd(-2), r)))
	turns := f.let(v128, mulDouble(b, kd(4*0x1p-24)))
	quarter := f.let(v128, floorDouble(addDouble(turns, kd(0.5))))
	sin, cos := f.sinCos(f.let(v128, mulDouble(subDouble(turns, quarter), kd(math.Pi/2))))
	q := f.let(v128, addDouble(quarter, kd(two52)))
	differ := f.let(v128, and(xor(sin, cos), shiftRightLong(shiftLeftLong(q, 63), 63))) // in odd quarters they change places
	minus := long(1 << 63)
	sin = xor(xor(sin, differ), and(shiftLeftLong(q, 62), minus))
	cos = xor(xor(cos, differ), and(shiftLeftLong(addLong(q, long(1)), 62), minus))
	return f.let(v128, toSingle(mulDouble(r, cos))), f.let(v128, toSingle(mulDouble(r, sin)))
}
