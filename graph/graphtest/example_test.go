package graphtest_test

import (
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
)

// swish is a layer of a user's own.
type swish struct{}

func (swish) Emit(s *graph.Scope, x graph.Node) graph.Node {
	return x.Mul(x.Mul(s.Param("slope", graph.Ones)).Sigmoid())
}

// In a test of your own, t is what the test is given. A derivative that is wrong fails it.
func Example() {
	var t testing.T
	graphtest.Layer(&t, swish{}, 4, 5)
	if t.Failed() {
		panic("swish is wrong")
	}
	// Output:
}
