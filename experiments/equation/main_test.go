package main

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
)

// program is the experiment under test.
var program labtest.Program = run

// A short training solves the oscillator to two digits.
func TestRun(t *testing.T) {
	_, _, got := program.Same(t, []string{solution, curves, lab.Weights}, "-epochs", "100", "-iterations", "100")
	want := []string{"iterations", "l2", "max_error", "problem", "residual", "seconds"}
	if !slices.Equal(labtest.Keys(got), want) {
		t.Errorf("got JSON with %v, want %v", labtest.Keys(got), want)
	}
	require.Less(t, got["max_error"].(float64), 0.01)
}

// A few iterations bring the network for Burgers' equation nearer to the solution than the start, which is 0.7 away.
func TestBurgers(t *testing.T) {
	args, _ := labtest.Small(t, "-problem", "burgers", "-epochs", "50", "-iterations", "60")
	_, got := program.Run(t, args)
	require.Less(t, got["l2"].(float64), 0.5)
}

// The known solutions satisfy their equations: central differences of them do.
func TestExact(t *testing.T) {
	const h = 1e-4
	for _, x := range []float64{-0.8, -0.3, -0.02, 0.01, 0.4} {
		for _, time := range []float64{0.1, 0.4, 0.9} {
			u := func(dx, dt float64) float64 { return burgers.exact([]float64{x + dx, time + dt}) }
			inX, inT := (u(h, 0)-u(-h, 0))/(2*h), (u(0, h)-u(0, -h))/(2*h)
			second := (u(h, 0) - 2*u(0, 0) + u(-h, 0)) / (h * h)
			size := 1 + math.Abs(inT) + math.Abs(u(0, 0)*inX) + math.Abs(viscosity*second)
			require.Less(t, math.Abs(inT+u(0, 0)*inX-viscosity*second)/size, 1e-3, "x = %v, t = %v", x, time)
		}
	}
	require.Equal(t, -1.0, burgers.exact([]float64{0.5, 0}))
}

func TestBadFlags(t *testing.T) {
	program.Reject(t, "-problem", "nonsense")
	program.Reject(t, "-patience", "1")
	program.Reject(t, "-iterations", "0")
}
