package graph

import (
	"context"
	"errors"
	"testing"
	"time"

	"gorgonia.org/tensor"
)

// TestPredictLeaves: programs whose callers did not wait for them go to the cache, which is bounded. Callers that leave at once, before the
// end of a compilation, or after it, leave nothing else behind.
func TestPredictLeaves(t *testing.T) {
	net := LayerFunc(func(_ *Scope, x Node) Node {
		for range 20 {
			x = x.Tanh().Add(x)
		}
		return x
	})
	m, err := Compile(net, Config{Input: []int{Any, 2}})
	if err != nil {
		t.Fatal(err)
	}
	const lengths = 60
	left := 0
	for n := 1; n <= lengths; n++ {
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(n%6)*100*time.Microsecond)
		_, err := m.Predict(ctx, tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(1, n, 2)))
		cancel()
		if errors.Is(err, context.DeadlineExceeded) {
			left++
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if left < lengths/4 {
		t.Fatalf("got %d of %d calls that left, want more", left, lengths)
	}
	s := m.programs
	for range cap(s.compiling) { // waits for the compilations under way
		s.compiling <- struct{}{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.unclaimed); n > 0 {
		t.Errorf("got %d programs outside of the cache, want none", n)
	}
}

// TestPredictClaims: a caller gets the program that another one did not wait for, also while it is being compiled.
func TestPredictClaims(t *testing.T) {
	m, err := Compile(LayerFunc(func(_ *Scope, x Node) Node { return x.Tanh() }), Config{Input: []int{2}})
	if err != nil {
		t.Fatal(err)
	}
	x := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(3, 2))
	for range 100 {
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Microsecond)
		_, _ = m.Predict(ctx, x)
		cancel()
		if _, err := m.Predict(context.Background(), x); err != nil {
			t.Fatal(err)
		}
	}
}
