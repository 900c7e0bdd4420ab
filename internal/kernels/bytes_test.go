package kernels

import "testing"

// TestFromBytes converts all bytes, in slices of any length and alignment, and checks that nothing is written outside.
func TestFromBytes(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		fromBytes[float32](t)
		fromBytes[float64](t)
	})
}

func fromBytes[T Float](t *testing.T) {
	src := make([]uint8, 300)
	for i := range src {
		src[i] = uint8(7 * i)
	}
	for n := 0; n <= 290; n++ {
		from := n % 5
		dst := make([]T, n+2)
		dst[0], dst[n+1] = -1, -1
		FromBytes(dst[1:n+1], src[from:from+n])
		for i, b := range src[from : from+n] {
			if dst[1+i] != T(b) {
				t.Fatalf("%d bytes: byte %d: got %g, want %d", n, i, dst[1+i], b)
			}
		}
		if dst[0] != -1 || dst[n+1] != -1 {
			t.Fatalf("%d bytes: wrote outside of dst", n)
		}
	}
}

// BenchmarkFromBytes converts 256 images of MNIST.
func BenchmarkFromBytes(b *testing.B) {
	src, dst := make([]uint8, 256*784), make([]float32, 256*784)
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		FromBytes(dst, src)
	}
}
