package settings

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestCheck has a row for each kind of setting, with valid and invalid numbers.
func TestCheck(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		kind         func(v float64) Setting
		valid, wrong []float64
		want         string
	}{
		{func(v float64) Setting { return AtLeast("Rate", v, 0) }, []float64{0, 1, math.MaxFloat64}, []float64{-1, inf}, "a finite number of at least 0"},
		{func(v float64) Setting { return Above("Rate", v, 0) }, []float64{1e-300, 3}, []float64{0, -1, inf}, "a finite number greater than 0"},
		{func(v float64) Setting { return Finite("Rate", v) }, []float64{0, -3}, []float64{inf, -inf}, "a finite number"},
		{func(v float64) Setting { return Between("Rate", v, 0, 1) }, []float64{0, 1}, []float64{-0.1, 1.1}, "at least 0 and at most 1"},
		{func(v float64) Setting { return HalfOpen("Rate", v, 0, 1) }, []float64{0, 0.99999999}, []float64{-0.1, 1, inf}, "at least 0 and less than 1"},
		{func(v float64) Setting { return Decay("Rate", v) }, []float64{0, 0.9}, []float64{1, -0.1, 0.99999999}, "at least 0 and less than 1, also as a float32"},
		{func(v float64) Setting { return Inside("Rate", v, 0, 1) }, []float64{0.5}, []float64{0, 1}, "greater than 0 and less than 1"},
		{func(v float64) Setting { return Positive("Rate", v, 1) }, []float64{0.5, 1}, []float64{0, 1.5}, "greater than 0 and at most 1"},
		{func(v float64) Setting { return Above("Rate", v, 0).OrZero(2) }, []float64{0, 1}, []float64{-1}, "a finite number greater than 0, or 0 for 2"},
	} {
		t.Run(c.want, func(t *testing.T) {
			for _, v := range c.valid {
				assert.NoError(t, Check(c.kind(v)))
			}
			for _, v := range append(c.wrong, math.NaN()) {
				s := c.kind(v)
				assert.EqualError(t, Check(c.kind(c.valid[0]), s), fmt.Sprintf("Rate: got %v, want %s", v, c.want))
			}
		})
	}
	assert.EqualError(t, Check(Count("Epochs", -1, 0)), "Epochs: got -1, want 0 or more")
	assert.NoError(t, Check(Count("Epochs", 1, 1)))
	assert.EqualError(t, CheckIn("optimizers: SGD", Count("Epochs", -1, 0)), "optimizers: SGD: Epochs: got -1, want 0 or more")
	assert.NoError(t, CheckIn("optimizers: SGD", Count("Epochs", 1, 1)))
}

// TestIntegers: errors print integers as integers, however large.
func TestIntegers(t *testing.T) {
	const million = 1_000_000
	assert.EqualError(t, Check(Count("Epochs", -million, 0)), "Epochs: got -1000000, want 0 or more")
	assert.EqualError(t, Check(Count("Epochs", math.MinInt64, million)), "Epochs: got -9223372036854775808, want 1000000 or more")
	assert.EqualError(t, Check(Count("K", -1, 1).OrZero(million)), "K: got -1, want 1 or more, or 0 for 1000000")
	assert.Equal(t, 1e6, Count("K", 0, 1).OrZero(million).Value)
}

// TestOrZero: the value of a setting is the default if it was 0.
func TestOrZero(t *testing.T) {
	assert.Equal(t, 2.0, Above("Rate", 0, 0).OrZero(2).Value)
	assert.Equal(t, 0.5, Above("Rate", 0.5, 0).OrZero(2).Value)
}

func TestOr(t *testing.T) {
	assert.Equal(t, 3, Or(0, 3))
	assert.Equal(t, 0.5, Or(0.5, 3))
}
