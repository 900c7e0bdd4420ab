package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

var tapRules = []TapRule{
	{In: 1, Out: 1, Kind: TapLinear},
	{In: 1, Out: 9, Kind: TapCubic, A: -0.75},
	{In: 7, Out: 20, Kind: TapLinear},
	{In: 20, Out: 7, Kind: TapLinear, Positions: AlignCorners},
	{In: 5, Out: 1, Kind: TapLinear, Positions: AlignCorners},
	{In: 9, Out: 40, Kind: TapCubic, A: -0.75},
	{In: 9, Out: 31, Kind: TapCubic, A: -0.5, Inside: true},
	{In: 33, Out: 12, Kind: TapCubic, A: -0.5, Antialias: true},
	{In: 33, Out: 12, Kind: TapLinear, Antialias: true, Inside: true},
	{In: 5, Out: 12, Kind: TapLinear, Scale: 2.5},
	{In: 8, Out: 16, Kind: TapFloor, Positions: Asymmetric},
	{In: 10, Out: 30, Kind: TapRoundUp},
	{In: 30, Out: 10, Kind: TapRoundDown},
	{In: 11, Out: 3, Kind: TapCeil, Positions: Asymmetric},
	{In: 12, Out: 18, Kind: TapReflect, Before: 4},
	{In: 40, Out: 43, Kind: TapEdge, Before: 1},
	{In: 3, Out: 30, Kind: TapEdge, Before: 20},
	{In: 17, Out: 40, Kind: TapWrap, Before: 9},
	{In: 20, Out: 20, Kind: TapReflect},
	{In: 90, Out: 97, Kind: TapReflect, Before: 5},
	{In: 28, Out: 9, Kind: TapLinear}, // the taps of a block are far apart
	{In: 28, Out: 7, Kind: TapLinear, Antialias: true},
	{In: 120, Out: 50, Kind: TapCubic, A: -0.75},
	{In: 200, Out: 3, Kind: TapLinear},
}

// plain returns y by sums in float64, with an error bound for each element: the sum of the products' magnitudes.
func (t *Taps) plain(x []float64, inner int) (y, size []float64) {
	for o := 0; o < len(x); o += t.In * inner {
		for i := range t.Out() {
			for j := range inner {
				sum, all := 0.0, 0.0
				for k := t.First[i]; k < t.First[i+1]; k++ {
					v := t.Weight[k] * x[o+t.At[k]*inner+j]
					sum, all = sum+v, all+math.Abs(v)
				}
				y, size = append(y, sum), append(size, all)
			}
		}
	}
	return y, size
}

// TestTapMap compares the maps and their transposed maps with sums in float64.
func TestTapMap(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testTapMap[float32](t, 1e-6)
		testTapMap[float64](t, 1e-14)
	})
}

func testTapMap[T Float](t *testing.T, limit float64) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, r := range tapRules {
		for _, taps := range []*Taps{r.Taps(), r.Taps().Transposed()} {
			for _, inner := range []int{1, 3, 8, 13, 44} {
				for _, outer := range []int{0, 1, 5} {
					x := randomSlice[T](rng, outer*taps.In*inner)
					wide := make([]float64, len(x))
					for i, v := range x {
						wide[i] = float64(v)
					}
					want, size := taps.plain(wide, inner)
					m := NewTapMap[T](taps, inner)
					var first []T
					for _, p := range pools(t) {
						got := randomSlice[T](rng, len(want))
						m.Apply(p, got, x)
						for i, v := range got {
							if !(math.Abs(float64(v)-want[i]) <= limit*size[i]) {
								t.Fatalf("%+v, inner %d: element %d: got %v, want %v", r, inner, i, v, want[i])
							}
						}
						if first == nil {
							first = got
						} else if !slices.Equal(first, got) {
							t.Fatalf("%+v, inner %d: got other bits with %d workers", r, inner, p.Workers())
						}
					}
				}
			}
		}
	}
}

// TestTapMapForms: the forms have the same bits, whatever the elements, and a row has those that it has alone.
func TestTapMapForms(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, r := range tapRules {
		for _, taps := range []*Taps{r.Taps(), r.Taps().Transposed()} {
			for _, inner := range []int{1, 2, 9} {
				const outer = 3
				row, out := taps.In*inner, taps.Out()*inner
				x := randomSlice[float32](rng, outer*row)
				x[0], x[row-1], x[len(x)/2], x[len(x)-1] = float32(math.Inf(1)), nan[float32](), float32(math.Inf(-1)), float32(math.Copysign(0, -1))
				m := NewTapMap[float32](taps, inner)
				var all [][]float32
				eachISA(t, func(*testing.T) {
					y := make([]float32, outer*out)
					for i := range outer {
						m.Apply(nil, y[i*out:(i+1)*out], x[i*row:(i+1)*row])
					}
					both := make([]float32, len(y))
					m.Apply(nil, both, x)
					all = append(all, y, both)
				})
				for _, y := range all {
					for i, v := range y {
						if w := all[0][i]; math.Float32bits(v) != math.Float32bits(w) && (v == v || w == w) {
							t.Fatalf("%+v, inner %d: element %d: got %v and %v", r, inner, i, w, v)
						}
					}
				}
			}
		}
	}
}

// TestTapsLeaveOut: an element with a weight of 0 does not matter, even if it is NaN.
func TestTapsLeaveOut(t *testing.T) {
	r := TapRule{In: 3, Out: 5, Kind: TapLinear, Positions: AlignCorners}
	got := make([]float64, 5)
	NewTapMap[float64](r.Taps(), 1).Apply(nil, got, []float64{1, math.NaN(), 3})
	if want := "[1 NaN NaN NaN 3]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestTapRules checks positions at which rounding could go wrong, and the sums of the weights.
func TestTapRules(t *testing.T) {
	for in := 1; in < 40; in++ {
		for factor := 1; factor < 12; factor++ {
			taps := (TapRule{In: in, Out: in * factor, Positions: Asymmetric}).Taps()
			for i, at := range taps.At {
				if at != i/factor {
					t.Fatalf("%d to %d: element %d: got %d, want %d", in, in*factor, i, at, i/factor)
				}
			}
		}
	}
	for _, r := range tapRules {
		taps := r.Taps()
		for i := range taps.Out() {
			sum := 0.0
			for _, w := range taps.Weight[taps.First[i]:taps.First[i+1]] {
				sum += w
			}
			if math.Abs(sum-1) > 1e-12 {
				t.Errorf("%+v: element %d: got weights with sum %v, want 1", r, i, sum)
			}
		}
	}
}

func TestTapRuleErrors(t *testing.T) {
	for want, r := range map[string]TapRule{
		"got sizes 0 and 3, want 1 to 2147483647":                                            {Out: 3},
		"Reflect: got 3 and 0 elements around 3, want 0 to 2":                                {In: 3, Out: 6, Kind: TapReflect, Before: 3},
		"Wrap: got 0 and 4 elements around 3, want 0 to 3":                                   {In: 3, Out: 7, Kind: TapWrap},
		"Edge: got -1 and 2 elements around 3, want 0 to 2147483647":                         {In: 3, Out: 4, Kind: TapEdge, Before: -1},
		"got scale -1, want a positive number":                                               {In: 3, Out: 4, Scale: -1},
		"got scale 1e-300, want a positive number":                                           {In: 3, Out: 1, Scale: 1e-300},
		"got size 7 for 3 elements and scale 1.5, want at most their product":                {In: 3, Out: 7, Scale: 1.5},
		"got cubic coefficient NaN, want a finite number":                                    {In: 3, Out: 4, A: math.NaN()},
		"got antialiasing of Floor resizing, want linear or cubic with half-pixel positions": {In: 3, Out: 4, Antialias: true},
	} {
		if err := r.Check(); err == nil || err.Error() != want {
			t.Errorf("%+v: got %v, want %s", r, err, want)
		}
	}
	for _, r := range tapRules {
		if err := r.Check(); err != nil {
			t.Errorf("%+v: %v", r, err)
		}
	}
}
