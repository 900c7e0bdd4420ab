package kernels

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestGatherRows(t *testing.T) {
	src := []float32{0, 1, 10, 11, 20, 21}
	dst := make([]float32, 8)
	GatherRows(dst, src, 2, []int{2, 0, 2, 1})
	if want := []float32{20, 21, 0, 1, 20, 21, 10, 11}; !slices.Equal(dst, want) {
		t.Errorf("got %v, want %v", dst, want)
	}
	GatherRows([]float64{}, []float64{}, 3, nil)
}

// TestGatherRowsOfAnyWidth checks that a row is copied up to its last element and no further.
func TestGatherRowsOfAnyWidth(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		for width := 1; width < 70; width++ {
			gatherSome[float32](t, width)
			gatherSome[float64](t, width)
		}
	})
}

func gatherSome[T Float](t *testing.T, width int) {
	const rows = 5
	src, index := make([]T, rows*width), []int{4, 0, 0, 3}
	for i := range src {
		src[i] = T(i + 1)
	}
	dst := make([]T, len(index)*width+1)
	GatherRows(dst[:len(index)*width], src, width, index)
	for i, r := range index {
		if !slices.Equal(dst[i*width:(i+1)*width], src[r*width:(r+1)*width]) {
			t.Fatalf("width %d: row %d: got %v", width, i, dst[i*width:(i+1)*width])
		}
	}
	if dst[len(dst)-1] != 0 {
		t.Fatalf("width %d: wrote after the end of dst", width)
	}
}

// BenchmarkGatherRows gathers batches of MNIST: rows at random from a set larger than the caches. It counts bytes read and
// written.
func BenchmarkGatherRows(b *testing.B) {
	const rows, width, batch = 50000, 784, 512
	src, dst := make([]float32, rows*width), make([]float32, batch*width)
	Fill(src, 1) // so that the memory is not one shared page of zeros
	order := rand.New(rand.NewPCG(1, 1)).Perm(rows)
	at := 0
	benchElements(b, len(dst), 2, func() {
		if at += batch; at+batch > rows {
			at = 0
		}
		GatherRows(dst, src, width, order[at:at+batch])
	})
}

func TestOneHot(t *testing.T) {
	dst := []float32{7, 7, 7, 7, 7, 7}
	if bad := OneHot(dst, []float32{2, 0}, 3); bad != -1 || !slices.Equal(dst, []float32{0, 0, 1, 1, 0, 0}) {
		t.Errorf("got %v, %d", dst, bad)
	}
	for _, class := range []float64{-1, 3, 1.5, 1e300, nan[float64]()} {
		if bad := OneHot(make([]float64, 6), []float64{1, class}, 3); bad != 1 {
			t.Errorf("class %g: got %d, want 1", class, bad)
		}
	}
}

// TestLengthsAreChecked calls kernels with slices that do not fit. Each must panic, before it reads past an end.
func TestLengthsAreChecked(t *testing.T) {
	a, b := make([]float32, 3), make([]float32, 4)
	for name, f := range map[string]func(){
		"Exp":          func() { Exp(a, b) },
		"Scale":        func() { Scale(b, a, 2) },
		"Clip":         func() { Clip(b, a, 0, 1) },
		"FromBytes":    func() { FromBytes(b, []uint8{1, 2, 3}) },
		"PowScalar":    func() { PowScalar(b, a, 0.3) },
		"Add":          func() { Add(a, a, b) },
		"Mod":          func() { Mod(a, a, b) },
		"Round":        func() { Round(a, b) },
		"CumSum":       func() { CumSum(a, b, 1, 0, 1, false, false) },
		"Recurrence":   func() { Recurrence(a, b, a, 1, 0, 1, false) },
		"Elements":     func() { GatherElements(a, b, b, 1, 0, 1) },
		"ElementsRows": func() { GatherElementsRows(a, b, b, 1, 1) },
		"ScatterRows":  func() { ScatterElementsRows(a, b, b, 1, 1) },
		"OrderRows":    func() { OrderRows(a, b, 1, 1, true) },
		"Trilu":        func() { Trilu(a, b, 1, 0, 0, true) },
		"Axpy":         func() { Axpy(a, 2, b) },
		"MulAdd":       func() { MulAdd(a, a, a, b) },
		"TanhGrad":     func() { TanhGrad(a, b, a) },
		"Dot":          func() { Dot(a, b) },
		"ColSum":       func() { ColSum(a, b, 2, 3, 3) },
		"ColSum dst":   func() { ColSum(a, b, 2, 2, 2) },
		"RowSum":       func() { RowSum(a, b, 3, 2, 2) },
		"Softmax":      func() { Softmax(a, b, 1, 4) },
		"SoftmaxGrad":  func() { SoftmaxGrad(b, b, a, 1, 4) },
		"SoftmaxCE":    func() { SoftmaxCE(b, a, 2, 2) },
		"BCELogits":    func() { BCELogits(a, b) },
		"SGD":          func() { SGD(a, b, 1, 1, 0) },
		"Momentum":     func() { Momentum(a, a, b, 1, 1, 0, 0.9, 0, true) },
		"Adam":         func() { Adam(a, a, a, b, AdamArgs[float32]{}) },
		"AMSGrad":      func() { AMSGrad(a, a, a, a, b, AdamArgs[float32]{}) },
		"RMSProp":      func() { RMSProp(a, a, a, nil, b, RMSPropArgs[float32]{}) },
		"Adagrad":      func() { Adagrad(a, a, b, AdagradArgs[float32]{}) },
		"GatherRows":   func() { GatherRows(a, b, 2, []int{0}) },
		"GatherRows 2": func() { GatherRows(b, b, 2, []int{0, 2}) },
		"GatherRows 3": func() { GatherRows(make([]float32, 40), make([]float32, 59), 20, []int{1, 2}) },
		"GatherRows 4": func() { GatherRows(make([]float32, 40), make([]float32, 60), 20, []int{1, -1}) },
		"OneHot":       func() { OneHot(a, b, 3) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("got no panic, want one")
				}
			}()
			f()
		})
	}
}

func TestKernelsAllocateNothing(t *testing.T) {
	a, b, c, d := make([]float32, 100), make([]float32, 100), make([]float32, 100), make([]float32, 100)
	col := make([]float32, 10)
	eachISA(t, func(t *testing.T) {
		allocs := testing.AllocsPerRun(10, func() {
			Exp(a, b)
			Add(a, b, c)
			Clip(a, b, 0, 1)
			Sum(a)
			Softmax(a, b, 10, 10)
			SoftmaxCE(a, b, 10, 10)
			ColSum(col, a, 10, 10, 10)
			SGD(a, b, 1, 1, 0)
			Momentum(a, b, c, 1, 1, 0, 0.9, 0, true)
			Adam(a, b, c, d, AdamArgs[float32]{Bias1: 1, Bias2: 1})
			RMSProp(a, b, c, d, nil, RMSPropArgs[float32]{})
			UniformFill(a, Stream{}, 1)
			NormalFill(a, Stream{}, 1)
			BernoulliMask(a, Stream{}, 1, 0.5, 2)
		})
		if allocs != 0 {
			t.Errorf("got %g allocations, want 0", allocs)
		}
	})
}
