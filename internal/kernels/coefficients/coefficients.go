// Package coefficients has the coefficients of the polynomials in the float32 functions of package kernels, for the portable forms and for the
// programs that generate the others. They are near-minimax unless a source is given. The highest power comes first.
package coefficients

import "math"

// Ln2Hi and Ln2Lo add up to ln 2. Ln2Hi has so few digits that its products with integers up to 2¹⁵ are exact.
const (
	Ln2Hi = 0.693359375
	Ln2Lo = -2.12194440054690583e-4
)

// Log2Hi and Log2Lo add up to 2/ln 2. Log2Hi has 12 digits.
const (
	Log2Hi = 2.8857421875
	Log2Lo = 2/math.Ln2 - Log2Hi
)

var (
	// Expm1 gives e^r - 1 = r + r²·P(r) for |r| ≤ ln 2/2.
	Expm1 = [...]float32{1.3926250394e-3, 8.3632329479e-3, 4.1666552424e-2, 1.6666576266e-1, 0.5}

	// Tanh gives tanh x = x + x³·P(x²) near 0, as in Cephes.
	Tanh = [...]float32{-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1}

	// Log gives ln(1+f) = f - f²/2 + f³·P(f) for √½ ≤ 1+f < √2.
	Log = [...]float32{-7.9027436674e-2, 1.2622319162e-1, -1.2998183072e-1, 1.4214496315e-1, -1.6641281545e-1, 2.0001044869e-1,
		-2.5000306964e-1, 3.3333331347e-1}

	// HalfPi adds up to π/2. The products of all but the last with integers up to 2¹³ are exact.
	HalfPi = [...]float32{0x1.92p0, 0x1fb4p-24, 0x1444p-36, 0x2d18469898cc517p-96}

	// Sin gives sin r = r + r³·P(r²), and Cos gives cos r = 1 - r²/2 + r⁴·P(r²), for |r| ≤ 0.788.
	Sin = [...]float32{-1.9507877005e-4, 8.3321062848e-3, -1.6666653752e-1}
	Cos = [...]float32{2.4431872589e-5, -1.3887307141e-3, 4.1666645557e-2}

	// Log2 gives 2·artanh s/ln 2 = 2·s/ln 2 + s³·P(s²) for |s| ≤ 0.062.
	Log2 = [...]float32{4.1526213288e-1, 5.7706928253e-1, 9.6179670095e-1}

	// Centres are numbers c near each z with √½ ≤ z < √2, and log₂ c as a sum, whose first part has 12 binary places: those of z below
	// CentreBelow, of others, and of z above CentreAbove.
	Centres = [3][3]float32{{0.796875, 1, 1.25}, {-0.32763671875, 0, 0.322021484375}, {6.206072149561592e-05, 0, -9.338948763765176e-05}}

	// Exp2 gives 2^r = 1 + r·P(r) for |r| ≤ ½.
	Exp2 = [...]float32{1.5327497385e-4, 1.3391241664e-3, 9.6185049042e-3, 5.5503591895e-2, 2.4022647738e-1, 6.9314718246e-1}

	// Log1pExp gives ln(1+e) = e + e²·P(e) for 0 ≤ e ≤ 1.
	Log1pExp = [...]float32{-4.4662114233e-3, 2.5224054232e-2, -6.6757723689e-2, 1.1561845243e-1, -1.5847565234e-1,
		1.9854106009e-1, -2.4986526370e-1, 3.3332842588e-1, -4.9999997020e-1}

	// ErfNear gives erf x = x + x·P(x²) near 0, and ErfFar gives erf x = 1 - e^(x·P(x) - x) for the other x > 0 (N. Juffa).
	ErfNear = [...]float32{-5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1, -3.76125336e-1, 1.28379166e-1}
	ErfFar  = [...]float32{-1.72853470e-5, 3.83197126e-4, -3.88396438e-3, 2.42546219e-2, -1.06777877e-1, -6.34846687e-1, -1.28717512e-1}

	// NormalTail gives Φ(-a) = t·P(t)·e^-a²/2, where t = 1/(1 + 0.35a), with a small relative error for all a ≥ 0.
	NormalTail = [...]float32{-2.9165401720e-2, 1.4406810320e-1, -2.5591721850e-1, 1.5941079240e-1, -2.3276403880e-2,
		1.0558024340e-1, 1.1981408640e-1, 1.3986453600e-1, 1.3962124660e-1}
)

// The largest arguments of formulas.
const (
	WaveLargest = 12800   // of Sin and Cos, so that the multiple of π/2 is below 2¹³
	PowLargest  = 1 << 64 // an exponent of Pow, so that its products are finite
)

// Bounds between the intervals of two formulas.
const (
	TanhNear    = 0.625
	ErfNearEnd  = 0.927734375
	CentreBelow = 0.89
	CentreAbove = 1.12
	TailScale   = 0.35
	TailLargest = 14.5 // the largest a of NormalTail, where e^-a²/2 is 0 already: an infinite one would give NaN
)
