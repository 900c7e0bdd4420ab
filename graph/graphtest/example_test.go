package graphtest_test

import (
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
)

// swish is a user's layer.
type swish struct{}

func (swish) Emit(s *graph.Scope, x graph.Node) graph.Node {
	return x.Mul(x.Mul(s.Param("slope", graph.Ones)).Sigmoid())
}

// In your own test, t is the test's argument. A wrong derivative fails the test.
func Example() {
	var t testing.T
	graphtest.Layer(&t, swish{}, 4, 5)
	if t.Failed() {
		panic("swish is wrong")
	}
	// Output:
}
