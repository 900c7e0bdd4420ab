package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func TestMatMulPackedHasTheSameBits(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testPacked[float32](t)
		testPacked[float64](t)
	})
}

func testPacked[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	pools := pools(t)
	var packed Packed[T]
	trials := 150
	if testing.Short() { // for runs in an emulator
		trials = 30
	}
	for i := range trials {
		x := newTrial[T](rng, 3+rng.IntN(70), rng.IntN(500), rng.IntN(90)) // with fewer than 3 rows, a transposed b gives other bits
		if i%10 == 0 {
			x = newTrial[T](rng, 1, rng.IntN(500), 400)
			x.b.T = false
			x.b = randomMatrix[T](rng, x.b.Rows, x.b.Cols, false)
			_, k := x.a.shape()
			x.b = randomMatrix[T](rng, k, x.c.Cols, false)
		}
		if i%50 == 49 { // MatMul takes several passes
			x = newTrial[T](rng, 33+rng.IntN(30), 3*packedLimit/100, 70+rng.IntN(30))
		}
		want := x.run(t, pools[:1])
		packed.Pack(pools[i%3], x.b)
		if rows, cols := packed.Shape(); cols != x.c.Cols {
			t.Fatalf("Shape: got %d × %d, want %d columns", rows, cols, x.c.Cols)
		}
		for _, p := range pools[:4] {
			got := x.c.clone()
			MatMulPacked(p, got, x.a, &packed, x.alpha, x.beta, x.ep)
			sameBits(t, x.String(), got.Data, want.Data)
		}
	}
}

func TestMatMulBatch(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testBatch[float32](t)
		testBatch[float64](t)
	})
}

func testBatch[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, s := range [][3]int{{9, 13, 21}, {16, 32, 16}, {1, 9, 5}, {2, 33, 40}, {50, 300, 70}, {4, 0, 3}} {
		for _, n := range []int{0, 1, 2, 5} {
			for _, same := range []bool{false, true} {
				for _, inOrder := range []bool{false, true} {
					batchTest(t, rng, newTrial[T](rng, s[0], s[1], s[2]), n, same, inOrder)
				}
			}
		}
	}
}

// batchTest compares n products of the shapes of x with one after the other, all with the same b if same is set.
func batchTest[T Float](t *testing.T, rng *rand.Rand, x trial[T], n int, same, inOrder bool) {
	a, b, c := len(x.a.Data), len(x.b.Data), len(x.c.Data)
	if same {
		b = 0
	}
	big := func(m Matrix[T], next int) Matrix[T] {
		for range n {
			m.Data = append(m.Data[:len(m.Data):len(m.Data)], randomMatrix[T](rng, 1, next, false).Data...)
		}
		return m
	}
	as, bs, cs := big(x.a, a), big(x.b, b), big(x.c, c)
	want, one := cs.clone(), MatMul[T]
	if inOrder {
		one = MatMulInOrder[T]
	}
	for i := range n {
		one(nil, want.from(i*c), as.from(i*a), bs.from(i*b), x.alpha, x.beta, nil)
	}
	for _, p := range pools(t) {
		got := cs.clone()
		MatMulBatch(p, n, got, as, bs, c, a, b, x.alpha, x.beta, inOrder)
		sameBits(t, "batch", got.Data, want.Data)
	}
}

// TestMatMulRowsAreIndependent checks that a row of a product has the same bits whatever the other rows are, and whether b is
// transposed or not. MatMul alone makes an exception for a transposed b.
func TestMatMulRowsAreIndependent(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(7, 8))
		for range 40 {
			rows, cols := 1+rng.IntN(100), 1+rng.IntN(150)
			a := randomMatrix[float32](rng, rows, 1+rng.IntN(900), false)
			b := randomMatrix[float32](rng, cols, a.Cols, false).Transposed()
			plain := Dense(make([]float32, cols*a.Cols), a.Cols, cols)
			for k := range a.Cols {
				for j := range cols {
					plain.Data[k*cols+j] = b.Data[j*b.Stride+k]
				}
			}
			all, one := Dense(make([]float32, rows*cols), rows, cols), Dense(make([]float32, cols), 1, cols)
			MatMul(nil, all, a, plain, 1, 0, nil)
			for range 3 {
				i := rng.IntN(rows)
				row := Matrix[float32]{Data: a.Data[i*a.Stride:][:a.Cols], Rows: 1, Cols: a.Cols, Stride: a.Cols}
				what := fmt.Sprintf("%d × %d × %d, row %d", rows, a.Cols, cols, i)
				MatMul(nil, one, row, plain, 1, 0, nil)
				sameBits(t, what, one.Data, all.Data[i*cols:][:cols])
				MatMulInOrder(nil, one, row, b, 1, 0, nil)
				sameBits(t, what+", transposed b", one.Data, all.Data[i*cols:][:cols])
			}
		}
	})
}

func TestMatMulTransposedResult(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(9, 10))
		x := newTrial[float32](rng, 20, 30, 17)
		x.ep, x.beta = nil, 0.5
		want := x.run(t, []*Pool{nil})
		c := randomMatrix[float32](rng, 20, 17, true)
		for i := range c.Cols {
			for j := range c.Rows {
				c.Data[j*c.Stride+i] = x.c.Data[i*x.c.Stride+j]
			}
		}
		MatMul(nil, c, x.a, x.b, x.alpha, x.beta, nil)
		for i := range want.Rows {
			for j := range want.Cols {
				if math.Abs(c.at(i, j)-want.at(i, j)) > 1e-4 {
					t.Fatalf("element %d, %d: got %v, want %v", i, j, c.at(i, j), want.at(i, j))
				}
			}
		}
	})
}

func TestMatMulMismatchesPanic(t *testing.T) {
	m := func(rows, cols int) Matrix[float32] { return Dense(make([]float32, rows*cols), rows, cols) }
	short := m(3, 4)
	short.Data = short.Data[:11]
	narrow := m(3, 4)
	narrow.Stride = 3
	for name, f := range map[string]func(){
		"depth":   func() { MatMul(nil, m(2, 4), m(2, 3), m(4, 4), 1, 0, nil) },
		"rows":    func() { MatMul(nil, m(2, 4), m(3, 3), m(3, 4), 1, 0, nil) },
		"columns": func() { MatMul(nil, m(2, 5), m(2, 3), m(3, 4), 1, 0, nil) },
		"short a": func() { MatMul(nil, m(3, 2), short, m(4, 2), 1, 0, nil) },
		"short b": func() { MatMul(nil, m(2, 4), m(2, 3), short, 1, 0, nil) },
		"short c": func() { MatMul(nil, short, m(3, 2), m(2, 4), 1, 0, nil) },
		"stride":  func() { MatMul(nil, narrow, m(3, 2), m(2, 4), 1, 0, nil) },
		"bias":    func() { MatMul(nil, m(2, 4), m(2, 3), m(3, 4), 1, 0, &Epilogue[float32]{Bias: make([]float32, 3)}) },
		"derivative": func() {
			MatMul(nil, m(2, 4), m(2, 3), m(3, 4), 1, 0, &Epilogue[float32]{Deriv: make([]float32, 7), DerivStride: 4})
		},
		"packed":      func() { MatMulPacked(nil, m(2, 4), m(2, 3), Pack(nil, m(4, 4)), 1, 0, nil) },
		"batch":       func() { MatMulBatch(nil, 2, m(2, 4), m(2, 3), m(3, 4), 8, 6, 12, 1, 0, false) },
		"transposedC": func() { MatMul(nil, m(4, 2).Transposed(), m(2, 3), m(3, 4), 1, 0, &Epilogue[float32]{}) },
	} {
		func() {
			defer func() {
				if s, ok := recover().(string); !ok || len(s) < 10 || s[:9] != "kernels: " {
					t.Errorf("%s: got panic %q, want one of package kernels", name, s)
				}
			}()
			f()
			t.Errorf("%s: got no panic, want one", name)
		}()
	}
}

// TestMatMulAlone checks that a row of a product has the same bits alone and among others, unless b is transposed.
func TestMatMulAlone(t *testing.T) {
	pools := pools(t)[1:3]
	eachISA(t, func(t *testing.T) {
		testMatMulAlone[float32](t, pools)
		testMatMulAlone[float64](t, pools)
	})
}

func testMatMulAlone[T Float](t *testing.T, pools []*Pool) {
	const most = 64
	rng := rand.New(rand.NewPCG(11, 12))
	for _, depth := range []int{1, 7, 64, 301, 900} {
		for _, cols := range []int{1, 2, 8, 33, 130} {
			a, b := randomSlice[T](rng, most*depth), Dense(randomSlice[T](rng, depth*cols), depth, cols)
			ep := &Epilogue[T]{Act: ActTanh, Bias: randomSlice[T](rng, cols)}
			alone := make([]T, most*cols)
			for i := range most {
				MatMul(nil, Dense(alone[i*cols:][:cols], 1, cols), Dense(a[i*depth:], 1, depth), b, 1, 0, ep)
			}
			for _, p := range pools {
				for _, n := range []int{1, 2, 3, 17, most} {
					got := make([]T, n*cols)
					MatMul(p, Dense(got, n, cols), Dense(a, n, depth), b, 1, 0, ep)
					sameBits(t, fmt.Sprintf("%d × %d × %d, %d workers", n, depth, cols, p.Workers()), got, alone[:len(got)])
				}
			}
		}
	}
}
