package optimizers_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/optimizers"
)

func TestMomentsAreNotDenormal(t *testing.T) { each(t, normal[float32], normal[float64]) }

// normal feeds gradients whose squares are denormal, and lets moments decay from just above the denormal numbers. Every slot
// must store 0 or a normal number.
func normal[T graph.Float](t *testing.T, o graph.Optimizer, rate float64, update func(graph.Update[T])) {
	slots := newSlots[T](o, 10)
	switch outer := o.(type) {
	case optimizers.Clip:
		if outer.Optimizer == (own{}) {
			t.Skip("a user's rule may store denormal numbers")
		}
	case optimizers.EMA:
		if outer.Optimizer == (own{}) {
			t.Skip("a user's rule may store denormal numbers")
		}
	}
	tiny, least := T(0x1p-126), T(math.SmallestNonzeroFloat32)
	if _, double := any(tiny).(float64); double {
		v := 0x1p-1022
		tiny, least = T(v), T(math.Float64frombits(1))
	}
	root := T(math.Sqrt(float64(tiny)))
	grad := []T{0, 0, 0, root, -root, root / 3, 3 * root, tiny, -least, 40 * tiny}
	w := make([]T, len(grad))
	for _, s := range slots {
		s[0], s[1], s[2] = 1.5*tiny, tiny, 100*tiny
	}
	for step := 1; step <= 200; step++ {
		update(graph.Update[T]{Weights: w, Grad: grad, Slots: slots, Rate: rate, Step: step, Scale: 1})
		for i, s := range slots {
			for j, v := range s {
				if v != 0 && v < tiny && v > -tiny {
					t.Fatalf("step %d: slot %d, element %d: got the denormal number %v", step, i, j, v)
				}
			}
		}
	}
}

func TestNotANumber(t *testing.T) { each(t, notANumber[float32], notANumber[float64]) }

// notANumber makes one element of the gradient NaN: that weight must become NaN, and no other.
func notANumber[T graph.Float](t *testing.T, o graph.Optimizer, rate float64, update func(graph.Update[T])) {
	w, slots := make([]T, 11), newSlots[T](o, 11)
	grad := make([]T, 11)
	grad[5] = T(math.NaN())
	for step := 1; step <= 2; step++ {
		update(graph.Update[T]{Weights: w, Grad: grad, Slots: slots, Rate: rate, Step: step, Scale: 1})
	}
	for i, v := range w {
		if (v != v) != (i == 5) {
			t.Errorf("weight %d: got %v, want NaN only in weight 5", i, v)
		}
	}
}

func TestConstantGradient(t *testing.T) { each(t, constant[float32], constant[float64]) }

// constant feeds the same gradient for many steps. The variance of a centered rule is then 0 up to rounding, and the root of a
// negative rounding error would be NaN.
func constant[T graph.Float](t *testing.T, o graph.Optimizer, rate float64, update func(graph.Update[T])) {
	grad := []T{0.1, -0.3, 1, 7, 1e-3, 123.456}
	w, slots := make([]T, len(grad)), newSlots[T](o, len(grad))
	for step := 1; step <= 3000; step++ {
		update(graph.Update[T]{Weights: w, Grad: grad, Slots: slots, Rate: rate, Step: step, Scale: 1})
	}
	for i, v := range w {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) || (v < 0) != (grad[i] > 0) {
			t.Errorf("weight %d: got %v after a constant gradient of %v", i, v, grad[i])
		}
	}
}

// TestTinyEpsilon sets an ε that is 0 as a float32: a weight without a gradient must not become 0/0.
func TestTinyEpsilon(t *testing.T) {
	for _, o := range []graph.Optimizer{
		optimizers.Adam{Epsilon: 1e-60}, optimizers.Adam{Epsilon: 1e-60, AMSGrad: true}, optimizers.RMSProp{Epsilon: 1e-60},
		optimizers.Adagrad{Epsilon: 1e-60}, optimizers.Adamax{Epsilon: 1e-60}, optimizers.Nadam{Epsilon: 1e-60},
		optimizers.Adadelta{Epsilon: 1e-60},
	} {
		t.Run(fmt.Sprintf("%T", o), func(t *testing.T) {
			w := []float32{1}
			o.Update32(graph.Update[float32]{Weights: w, Grad: []float32{0}, Slots: newSlots[float32](o, 1), Rate: 1, Step: 1, Scale: 1})
			if w[0] != 1 {
				t.Errorf("got weight %v, want 1", w[0])
			}
		})
	}
}
