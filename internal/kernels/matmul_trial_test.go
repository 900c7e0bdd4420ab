package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// randomMatrix returns a rows × cols matrix, stored transposed if transposed is set, in a slice at any alignment and with
// gaps between the stored rows.
func randomMatrix[T Float](rng *rand.Rand, rows, cols int, transposed bool) Matrix[T] {
	if transposed {
		m := randomMatrix[T](rng, cols, rows, false)
		return m.Transposed()
	}
	m := Matrix[T]{Rows: rows, Cols: cols, Stride: cols + rng.IntN(2)*rng.IntN(20)}
	offset := rng.IntN(4)
	n := max(0, (rows-1)*m.Stride+cols)
	m.Data = make([]T, offset+n)[offset:]
	for i := range m.Data {
		m.Data[i] = T(rng.NormFloat64())
	}
	return m
}

// at returns the element (i, j) of m, transposed if m.T is set.
func (m Matrix[T]) at(i, j int) float64 {
	if m.T {
		i, j = j, i
	}
	return float64(m.Data[i*m.Stride+j])
}

// clone returns a copy of m.
func (m Matrix[T]) clone() Matrix[T] {
	m.Data = append([]T(nil), m.Data...)
	return m
}

// rows64 returns the rows of m, transposed if m.T is set, in float64.
func (m Matrix[T]) rows64() [][]float64 {
	rows, cols := m.shape()
	out := make([][]float64, rows)
	for i := range out {
		out[i] = make([]float64, cols)
		for j := range out[i] {
			out[i][j] = m.at(i, j)
		}
	}
	return out
}

// plain returns the elements of alpha·a·b + beta·c + bias and the sums of the magnitudes of their terms.
func (t trial[T]) plain() (sums, magnitudes [][]float64) {
	a, b := t.a.rows64(), t.b.Transposed().rows64()
	sums, magnitudes = t.c.rows64(), t.c.rows64()
	alpha, beta := float64(t.alpha), float64(t.beta)
	for i := range sums {
		for j, c := range sums[i] {
			sum, magnitude := 0.0, 0.0
			for k, y := range b[j] {
				x := a[i][k] * y
				sum += x
				magnitude += math.Abs(x)
			}
			sum *= alpha
			magnitude *= math.Abs(alpha)
			if beta != 0 {
				sum += beta * c
				magnitude += math.Abs(beta * c)
			}
			if t.ep != nil && t.ep.Bias != nil {
				sum += float64(t.ep.Bias[j])
				magnitude += math.Abs(float64(t.ep.Bias[j]))
			}
			sums[i][j], magnitudes[i][j] = sum, magnitude
		}
	}
	return sums, magnitudes
}

// epsilon returns the distance from 1 to the next number.
func epsilon[T Float]() float64 {
	if single[T]() {
		return 0x1p-23
	}
	return 0x1p-52
}

// plainActivation returns act(x), or x·act'(y) if y is given.
func plainActivation(act Activation, x, slope float64, deriv bool, y float64) float64 {
	switch {
	case act == ActReLU && deriv:
		act, slope = ActLeakyReLU, 0
	case act == ActReLU:
		return max(x, 0)
	}
	switch {
	case act == ActLeakyReLU && deriv && y <= 0:
		return x * slope
	case act == ActLeakyReLU && !deriv && x <= 0:
		return x * slope
	case act == ActTanh && deriv:
		return x * (1 - y*y)
	case act == ActTanh:
		return math.Tanh(x)
	case act == ActSigmoid && deriv:
		return x * y * (1 - y)
	case act == ActSigmoid:
		return 1 / (1 + math.Exp(-x))
	case act == ActClip && x == x:
		return max(clipLow, min(clipHigh, x))
	}
	return x
}

// The limits of ActClip in trials.
const clipLow, clipHigh = -0.5, 1

// A trial is a random call of MatMul.
type trial[T Float] struct {
	a, b, c     Matrix[T]
	alpha, beta T
	ep          *Epilogue[T]
}

// newTrial returns a trial of the given shape.
func newTrial[T Float](rng *rand.Rand, m, k, n int) trial[T] {
	t := trial[T]{alpha: 1}
	t.a = randomMatrix[T](rng, m, k, rng.IntN(2) == 0)
	t.b = randomMatrix[T](rng, k, n, rng.IntN(2) == 0)
	t.c = randomMatrix[T](rng, m, n, false)
	if rng.IntN(3) == 0 {
		t.alpha = T(rng.NormFloat64())
	}
	if rng.IntN(3) == 0 {
		t.beta = T(rng.NormFloat64())
	}
	switch rng.IntN(4) {
	case 0:
		t.ep = &Epilogue[T]{Act: Activation(rng.IntN(6)), Slope: 0.1, Low: clipLow, High: clipHigh}
	case 1:
		t.ep = &Epilogue[T]{Act: Activation(rng.IntN(6)), Slope: 0.1, Low: clipLow, High: clipHigh, Bias: randomMatrix[T](rng, 1, n, false).Data}
	case 2:
		y := randomMatrix[T](rng, m, n, false)
		t.ep = &Epilogue[T]{Act: Activation(rng.IntN(5)), Slope: 0.1, Deriv: y.Data, DerivStride: y.Stride}
	}
	return t
}

func (t trial[T]) String() string {
	m, k := t.a.shape()
	s := fmt.Sprintf("%d × %d × %d, transposed %v %v, strides %d %d %d, alpha %v, beta %v", m, k, t.c.Cols,
		t.a.T, t.b.T, t.a.Stride, t.b.Stride, t.c.Stride, t.alpha, t.beta)
	if t.ep != nil {
		s += fmt.Sprintf(", activation %d, bias %v, derivative %v", t.ep.Act, t.ep.Bias != nil, t.ep.Deriv != nil)
	}
	return s
}

// check compares the result got, which was c at first, with plain sums. The bound: each of the depth+3 roundings is at most
// half an epsilon of the sum of the magnitudes; the slope of an activation is at most 1, and its own error a few epsilons.
func (t trial[T]) check(tb testing.TB, got Matrix[T]) {
	tb.Helper()
	_, depth := t.a.shape()
	var ep Epilogue[T]
	if t.ep != nil {
		ep = *t.ep
	}
	sums, magnitudes := t.plain()
	for i := range got.Rows {
		for j := range got.Stride {
			at := i*got.Stride + j
			if at >= len(got.Data) {
				break
			}
			if j >= got.Cols {
				if got.Data[at] != t.c.Data[at] {
					tb.Fatalf("%v: wrote into the gap after row %d", t, i)
				}
				continue
			}
			want := sums[i][j]
			bound := epsilon[T]() * float64(depth+4) * magnitudes[i][j]
			y := 0.0
			if ep.Deriv != nil { // the derivative is a polynomial in y, which may cancel
				y = float64(ep.Deriv[i*ep.DerivStride+j])
				bound *= math.Abs(plainActivation(ep.Act, 1, float64(ep.Slope), true, y))
				bound += 2 * epsilon[T]() * (math.Abs(want) + bound) * (1 + y*y)
			}
			want = plainActivation(ep.Act, want, float64(ep.Slope), ep.Deriv != nil, y)
			bound += 8 * epsilon[T]() * math.Abs(want)
			if err := math.Abs(float64(got.Data[at]) - want); !(err <= bound) {
				tb.Fatalf("%v: element %d, %d: got %v, want %v ± %v", t, i, j, got.Data[at], want, bound)
			}
		}
	}
}

// run runs the trial with each pool, checks that all results have the same bits, and returns the result.
func (t trial[T]) run(tb testing.TB, pools []*Pool) Matrix[T] {
	tb.Helper()
	var first Matrix[T]
	for w, p := range pools {
		got := t.c.clone()
		MatMul(p, got, t.a, t.b, t.alpha, t.beta, t.ep)
		if w == 0 {
			first = got
		}
		sameBits(tb, fmt.Sprintf("%v: %d workers", t, p.Workers()), got.Data, first.Data)
	}
	return first
}

// sameBits fails unless got and want have the same bits.
func sameBits[T Float](tb testing.TB, what string, got, want []T) {
	tb.Helper()
	for i := range want {
		if math.Float64bits(float64(got[i])) != math.Float64bits(float64(want[i])) {
			tb.Fatalf("%s: element %d: got %v, want %v", what, i, got[i], want[i])
		}
	}
}
