package kernels

// A comparison gives 1 where it holds, 0 where it does not, and NaN where either side is NaN, so that a mask made from it does
// not hide a NaN in a gradient.

// Greater sets dst = 1 where a > b.
func Greater[T Float](dst, a, b []T) {
	if fast2(opGreater, dst, a, b, 0, 0) {
		return
	}
	for i, v := range a {
		dst[i] = greater(v, b[i])
	}
}

// GreaterEqual sets dst = 1 where a ≥ b.
func GreaterEqual[T Float](dst, a, b []T) {
	if fast2(opGreaterEqual, dst, a, b, 0, 0) {
		return
	}
	for i, v := range a {
		dst[i] = greaterEqual(v, b[i])
	}
}

// Equal sets dst = 1 where a = b.
func Equal[T Float](dst, a, b []T) {
	if fast2(opEqual, dst, a, b, 0, 0) {
		return
	}
	for i, v := range a {
		dst[i] = equal(v, b[i])
	}
}

// GreaterScalar sets dst = 1 where x > c.
func GreaterScalar[T Float](dst, x []T, c T) {
	if fast1(opGreaterScalar, dst, x, c, 0) {
		return
	}
	for i, v := range x {
		dst[i] = greater(v, c)
	}
}

// GreaterEqualScalar sets dst = 1 where x ≥ c.
func GreaterEqualScalar[T Float](dst, x []T, c T) {
	if fast1(opGreaterEqualScalar, dst, x, c, 0) {
		return
	}
	for i, v := range x {
		dst[i] = greaterEqual(v, c)
	}
}

// LessScalar sets dst = 1 where x < c.
func LessScalar[T Float](dst, x []T, c T) {
	if fast1(opLessScalar, dst, x, c, 0) {
		return
	}
	for i, v := range x {
		dst[i] = greater(c, v)
	}
}

// LessEqualScalar sets dst = 1 where x ≤ c.
func LessEqualScalar[T Float](dst, x []T, c T) {
	if fast1(opLessEqualScalar, dst, x, c, 0) {
		return
	}
	for i, v := range x {
		dst[i] = greaterEqual(c, v)
	}
}

// EqualScalar sets dst = 1 where x = c.
func EqualScalar[T Float](dst, x []T, c T) {
	if fast1(opEqualScalar, dst, x, c, 0) {
		return
	}
	for i, v := range x {
		dst[i] = equal(v, c)
	}
}

// MaxScalar sets dst to the larger of x and c, or to NaN where either is.
func MaxScalar[T Float](dst, x []T, c T) {
	if fast1(opMaxScalar, dst, x, c, 0) {
		return
	}
	for i, v := range x {
		dst[i] = max(v, c)
	}
}

// MinScalar sets dst to the smaller of x and c, or to NaN where either is.
func MinScalar[T Float](dst, x []T, c T) {
	if fast1(opMinScalar, dst, x, c, 0) {
		return
	}
	for i, v := range x {
		dst[i] = min(v, c)
	}
}

func greater[T Float](a, b T) T {
	switch {
	case a > b:
		return 1
	case a <= b:
		return 0
	}
	return nan[T]()
}

func greaterEqual[T Float](a, b T) T {
	switch {
	case a >= b:
		return 1
	case a < b:
		return 0
	}
	return nan[T]()
}

func equal[T Float](a, b T) T {
	switch {
	case a == b:
		return 1
	case a < b, a > b:
		return 0
	}
	return nan[T]()
}
