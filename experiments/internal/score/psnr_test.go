package score

import (
	"math"
	"testing"

	"gorgonia.org/tensor"
)

func TestPSNR(t *testing.T) {
	matrix := func(rows, cols int, x ...float32) *tensor.Dense {
		return tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(x))
	}
	for _, c := range []struct {
		name    string
		x, want *tensor.Dense
		psnr    float64 // by hand
	}{
		{"all wrong", matrix(1, 2, 0, 1), matrix(1, 2, 1, 0), 0},
		{"MSE 1/4", matrix(1, 2, 0.5, 0.5), matrix(1, 2, 1, 0), 6.020599913279624},
		{"mean of the images' PSNR, not PSNR of the mean MSE", matrix(2, 1, 0.5, 0), matrix(2, 1, 1, 1), 6.020599913279624 / 2},
		{"equal", matrix(1, 2, 0.3, 1), matrix(1, 2, 0.3, 1), MaxPSNR},
		{"nearly equal", matrix(1, 1, 1e-9), matrix(1, 1, 0), MaxPSNR},
	} {
		got, err := PSNR(c.x, c.want)
		if err != nil || math.Abs(got-c.psnr) > 1e-12 {
			t.Errorf("%s: got %v, %v, want %v", c.name, got, err, c.psnr)
		}
	}
	if got, err := PSNR(matrix(1, 1, float32(math.NaN())), matrix(1, 1, 0)); !math.IsNaN(got) {
		t.Errorf("NaN: got %v, %v", got, err)
	}
	wide := tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float64{0, 0}))
	for _, x := range []*tensor.Dense{matrix(2, 1, 0, 0), wide} {
		if _, err := PSNR(x, matrix(1, 2, 0, 0)); err == nil {
			t.Errorf("got no error for %v of %v", x.Dtype(), x.Shape())
		}
	}
}
