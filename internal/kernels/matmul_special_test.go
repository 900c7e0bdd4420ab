package kernels

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"
)

// TestMatMulSpecialValues multiplies operands full of special values and compares the kind of each element: finite, NaN, or
// infinite with a sign.
func TestMatMulSpecialValues(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testSpecialValues[float32](t)
		testSpecialValues[float64](t)
	})
}

func testSpecialValues[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	inf := T(math.Inf(1))
	values := []T{nan[T](), inf, -inf, 0, T(math.Copysign(0, -1)), smallestNormal[T]() / 4, 1, -2}
	sprinkle := func(x []T, rate int) {
		for i := range x {
			if rng.IntN(rate) == 0 {
				x[i] = values[rng.IntN(len(values))]
			}
		}
	}
	for range 400 {
		x := newTrial[T](rng, 1+rng.IntN(15), 1+rng.IntN(20), 1+rng.IntN(40))
		sprinkle(x.a.Data, 40)
		sprinkle(x.b.Data, 40)
		sprinkle(x.c.Data, 3)
		if x.ep != nil {
			sprinkle(x.ep.Bias, 5)
			sprinkle(x.ep.Deriv, 5)
		}
		got := x.c.clone()
		MatMul(nil, got, x.a, x.b, x.alpha, x.beta, x.ep)
		sums, _ := x.plain()
		for i := range got.Rows {
			for j := range got.Cols {
				x.checkKind(t, got.at(i, j), sums[i][j], i, j)
			}
		}
	}
}

// checkKind fails unless got, an element of the result, is NaN or infinite exactly if want, a plain sum, is.
func (t trial[T]) checkKind(tb testing.TB, got, want float64, i, j int) {
	tb.Helper()
	var ep Epilogue[T]
	if t.ep != nil {
		ep = *t.ep
	}
	y := 0.0
	if ep.Deriv != nil {
		y = float64(ep.Deriv[i*ep.DerivStride+j])
		if math.IsNaN(y) && ep.Act != ActNone {
			want = math.NaN()
		}
	}
	if ep.Act == ActReLU && ep.Deriv != nil && y <= 0 {
		want = 0 // a mask, which hides even NaN and infinities
	}
	want = plainActivation(ep.Act, want, float64(ep.Slope), ep.Deriv != nil, y)
	switch {
	case math.IsNaN(want) != math.IsNaN(got), math.IsInf(want, 1) != math.IsInf(got, 1), math.IsInf(want, -1) != math.IsInf(got, -1):
		tb.Fatalf("%v: element %d, %d: got %v, want %v", t, i, j, got, want)
	}
}

// TestMatMulForgetsOldResult checks that with beta 0 the old c is not read.
func TestMatMulForgetsOldResult(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(13, 14))
		for _, n := range [][3]int{{1, 5, 300}, {2, 0, 9}, {1, 40, 7}, {13, 900, 37}, {70, 64, 64}} {
			for range 4 {
				x := newTrial[float32](rng, n[0], n[1], n[2])
				x.beta, x.ep = 0, nil
				Fill(x.c.Data, nan[float32]())
				got := x.c.clone()
				MatMul(nil, got, x.a, x.b, x.alpha, x.beta, nil)
				for i := range got.Rows {
					for j := range got.Cols {
						if got.at(i, j) != got.at(i, j) {
							t.Fatalf("%v: element %d, %d: got NaN", x, i, j)
						}
					}
				}
			}
		}
	})
}

func TestMatMulAllocatesNothing(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(15, 16))
		p := NewPool(2)
		defer p.Close()
		x := newTrial[float32](rng, 100, 400, 200)
		x.ep = &Epilogue[float32]{Act: ActTanh}
		packed := Pack(p, x.b)
		run := func() {
			MatMul(p, x.c, x.a, x.b, 1, 0, x.ep)
			MatMulPacked(p, x.c, x.a, packed, 1, 0, x.ep)
			packed.Pack(p, x.b)
		}
		run()
		if n := testing.AllocsPerRun(20, run); n != 0 {
			t.Errorf("got %v allocations, want 0", n)
		}
	})
}

func TestMatMulConcurrently(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(17, 18))
		p := NewPool(3)
		defer p.Close()
		x := newTrial[float32](rng, 90, 100, 80)
		want := x.run(t, []*Pool{p})
		var g sync.WaitGroup
		results := make([]Matrix[float32], 8)
		for i := range results {
			results[i] = x.c.clone()
			g.Go(func() { MatMul(p, results[i], x.a, x.b, x.alpha, x.beta, x.ep) })
		}
		g.Wait()
		for _, got := range results {
			sameBits(t, x.String(), got.Data, want.Data)
		}
	})
}
