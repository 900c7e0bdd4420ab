package kernels

import (
	"math/rand/v2"
	"testing"
)

// eachISA runs a test in every form that the machine supports.
func eachISA(t *testing.T, f func(t *testing.T)) {
	for _, i := range ISAs() {
		t.Run(i.String(), func(t *testing.T) {
			old := isa
			useISA(i)
			defer useISA(old)
			f(t)
		})
	}
}

func TestMatMulRandomShapes(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testRandomShapes[float32](t)
		testRandomShapes[float64](t)
	})
}

func testRandomShapes[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	pools := pools(t)[1:4]
	trials, large, deep, more := 300, 6, 3, 30
	if testing.Short() { // for runs in an emulator
		trials, large, deep, more = 40, 1, 1, 1
	}
	for range trials {
		x := newTrial[T](rng, rng.IntN(71), rng.IntN(71), rng.IntN(71))
		x.check(t, x.run(t, pools))
	}
	for m := range 14 { // all small edges
		for n := range 36 {
			if testing.Short() && rng.IntN(4) > 0 {
				continue
			}
			x := newTrial[T](rng, m, 1+rng.IntN(9), n)
			x.check(t, x.run(t, pools[:1]))
		}
	}
	for range large { // more than a block in each dimension, and enough for several workers
		x := newTrial[T](rng, rng.IntN(300), 300+rng.IntN(600), rng.IntN(200))
		x.check(t, x.run(t, pools))
	}
	for range deep { // so deep that B is packed in several passes
		x := newTrial[T](rng, 33+rng.IntN(more), 2*packedLimit/64+rng.IntN(999), 64+rng.IntN(more))
		x.check(t, x.run(t, pools))
	}
}
