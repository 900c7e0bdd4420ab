package kernels

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestEpilogueMatrices compares products whose epilogue reads or writes another matrix with a product and functions after it: the bits
// are the same, for any number of workers, with gaps between the rows of each matrix.
func TestEpilogueMatrices(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testEpilogueMatrices[float32](t)
		testEpilogueMatrices[float64](t)
	})
}

func testEpilogueMatrices[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, s := range [][3]int{{1, 1, 1}, {1, 300, 70}, {2, 5, 33}, {7, 0, 9}, {61, 20, 16}, {130, 300, 97}, {300, 17, 64}, {0, 3, 5}} {
		rows, depth, cols := s[0], s[1], s[2]
		a, b := randomMatrix[T](rng, rows, depth, false), randomMatrix[T](rng, depth, cols, rng.IntN(2) == 0)
		other, bias := randomMatrix[T](rng, rows, cols, false), randomSlice[T](rng, cols)
		plain := NewPool(1)
		defer plain.Close()
		for name, r := range map[string]struct {
			ep    *Epilogue[T]
			after func(y, slopes, x, other []T)
		}{
			"factor":      {&Epilogue[T]{Act: ActFactor, Deriv: other.Data}, func(y, _, x, other []T) { Mul(y, x, other) }},
			"plus":        {&Epilogue[T]{Plus: other.Data}, func(y, _, x, other []T) { Add(y, x, other) }},
			"bias, plus":  {&Epilogue[T]{Bias: bias, Plus: other.Data}, func(y, _, x, other []T) { Add(y, x, other) }},
			"GELU":        {&Epilogue[T]{Act: ActGELU, Bias: bias}, func(y, _, x, _ []T) { GELU(y, x) }},
			"GELU slopes": {&Epilogue[T]{Act: ActGELU, Bias: bias, Slopes: []T{}}, func(y, slopes, x, _ []T) { GELU(y, x); GELUSlope(slopes, x) }},
		} {
			r.ep.DerivStride = other.Stride
			sums := Dense(make([]T, rows*cols), rows, cols)
			MatMul(plain, sums, a, b, 1, 0, &Epilogue[T]{Bias: r.ep.Bias})
			for _, p := range pools(t) {
				what := fmt.Sprintf("%T, %v, %s, %d workers", T(0), s, name, p.Workers())
				c := randomMatrix[T](rng, rows, cols, false)
				gap, ep := c.clone(), *r.ep
				if ep.Slopes != nil {
					ep.Slopes = make([]T, len(other.Data))
				}
				MatMul(p, c, a, b, 1, 0, &ep)
				y, slopes := make([]T, cols), make([]T, cols)
				for i := range rows {
					r.after(y, slopes, sums.Data[i*cols:][:cols], other.Data[i*other.Stride:][:cols])
					row := c.Data[i*c.Stride:]
					sameBits(t, what, row[:cols], y)
					if i < rows-1 {
						sameBits(t, what+": the gap", row[cols:c.Stride], gap.Data[i*c.Stride+cols:][:c.Stride-cols])
					}
					if ep.Slopes != nil {
						sameBits(t, what+": slopes", ep.Slopes[i*other.Stride:][:cols], slopes)
					}
				}
			}
		}
	}
}

// TestEpilogueChecks wants a panic for a matrix that is too short.
func TestEpilogueChecks(t *testing.T) {
	a := Dense(make([]float32, 6), 2, 3)
	for name, ep := range map[string]*Epilogue[float32]{
		"Deriv":  {Act: ActFactor, Deriv: make([]float32, 5), DerivStride: 3},
		"Plus":   {Plus: make([]float32, 6), DerivStride: 2},
		"Slopes": {Act: ActGELU, Slopes: make([]float32, 0), DerivStride: 3},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("got no panic")
				}
			}()
			MatMul(nil, Dense(make([]float32, 6), 2, 3), a, Dense(make([]float32, 9), 3, 3), 1, 0, ep)
		})
	}
}

// TestMatMulSums compares the product and the sums of columns in one with those in two, of all rows or of each half of them: the bits
// are the same, for any number of workers.
func TestMatMulSums(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testMatMulSums[float32](t)
		testMatMulSums[float64](t)
	})
}

func testMatMulSums[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	shapes := [][3]int{
		{1, 1, 1}, {5, 2, 33}, {9, 0, 9}, {130, 700, 97}, {128, 1000, 40}, {3, 0, 0},
		{130, halvesRows, 97}, {33, halvesRows + 577, 65}, {1, 2 * halvesRows, 1}, {2, halvesRows, 0},
	}
	if !testing.Short() { // short tests run in an emulator
		shapes = append(shapes, [3]int{300, 577, 65}, [3]int{64, 290, 3000}, [3]int{130, halvesRows - 1, 97})
		shapes = append(shapes, [3]int{520, halvesRows, 510}) // whose result is too large for halves
	}
	pools := shortPools(t)
	for _, s := range shapes {
		rows, depth, cols := s[0], s[1], s[2]
		a, b := randomMatrix[T](rng, rows, depth, true), randomMatrix[T](rng, depth, cols, false)
		if len(b.Data) > 20 {
			b.Data[len(b.Data)/2] = nan[T]()
		}
		plain := func(row0, row1 int) (product, sums []T) {
			product, sums = make([]T, rows*cols), make([]T, cols)
			if cols > 0 {
				a, b := a.block(row0, row1, 0, rows), b.block(row0, row1, 0, cols)
				MatMul(nil, Dense(product, rows, cols), a, b, 1, 0, nil)
				ColSum(sums, b.Data, b.Rows, cols, b.Stride)
			}
			return product, sums
		}
		want, sums := plain(0, depth)
		if depth >= halvesRows && rows*cols <= cachedResult {
			first, firstSums := plain(0, depth/2)
			second, secondSums := plain(depth/2, depth)
			for i := range want {
				want[i] = first[i] + second[i]
			}
			for i := range sums {
				sums[i] = firstSums[i] + secondSums[i]
			}
		}
		for _, p := range pools {
			what := fmt.Sprintf("%T, %v, %d workers", T(0), s, p.Workers())
			got, gotSums := Dense(randomSlice[T](rng, rows*cols), rows, cols), randomSlice[T](rng, cols)
			MatMulSums(p, got, a, b, gotSums)
			sameBits(t, what, got.Data, want)
			sameBits(t, what+": sums", gotSums, sums)
			clear(got.Data)
			MatMulSums(p, got, a, b, nil)
			sameBits(t, what+", without sums", got.Data, want)
		}
	}
}
