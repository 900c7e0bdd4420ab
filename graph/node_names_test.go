package graph_test

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

// TestMethodNames: the error of a method of the zero Node, and that of a method that gets the zero Node, names the method.
func TestMethodNames(t *testing.T) {
	unchanged := []string{"Errorf", "FillPadding", "Logits", "Masked", "Transpose"} // they return the zero Node
	_, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
		kind := reflect.TypeFor[graph.Node]()
		for i := range kind.NumMethod() {
			m := kind.Method(i)
			if m.Type.NumOut() == 0 || m.Type.Out(0) != kind || slices.Contains(append(unchanged, "Mask", "Valid"), m.Name) {
				continue
			}
			in := []reflect.Value{reflect.ValueOf(graph.Node{})}
			nodes := 0
			for k := 1; k < m.Type.NumIn(); k++ {
				switch to := m.Type.In(k); {
				case m.Type.IsVariadic() && k == m.Type.NumIn()-1:
				case to == kind:
					nodes++
					in = append(in, reflect.Zero(to))
				case to.Kind() == reflect.Int || to.Kind() == reflect.Float64:
					in = append(in, reflect.ValueOf(1).Convert(to))
				default:
					in = append(in, reflect.Zero(to))
				}
			}
			for _, of := range []graph.Node{{}, x[0]} {
				if in[0] = reflect.ValueOf(of); of != (graph.Node{}) && nodes == 0 {
					continue
				}
				err := m.Func.Call(in)[0].Interface().(graph.Node).Err()
				assert.ErrorContains(t, err, "graph: "+m.Name+": ", m.Name)
			}
		}
		return x
	}, []int{2, 3})
	require.ErrorContains(t, err, "graph: ") // the first of them
}

// TestWrongOperandNames: the error of a method that consists of several operations names the method, and not one of these.
func TestWrongOperandNames(t *testing.T) {
	var none graph.Node
	for _, row := range []struct {
		want string
		f    func(x, y graph.Node) graph.Node // x is (2, 3), y is (3, 3)
	}{
		{"Where: got shapes [2 3] and [3 3]", func(x, y graph.Node) graph.Node { return x.Where(y, x) }},
		{"Where: got shapes [2 3] and [3 3]", func(x, y graph.Node) graph.Node { return x.Where(x, y) }},
		{"Where: got a Node that is not in this graph", func(x, _ graph.Node) graph.Node { return x.Where(none, x) }},
		{"Where: got a Node that is not in this graph", func(x, _ graph.Node) graph.Node { return x.Where(x, none) }},
		{"FillPadding: got NaN, want a number", func(x, _ graph.Node) graph.Node { return x.Masked(x.Scale(0)).FillPadding(math.NaN()) }},
		{"Normalize: got shapes [2 3] and [3 3]", func(x, y graph.Node) graph.Node { return x.Normalize(x, x, 0, y, none) }},
		{"Normalize: got shapes [2 3] and [3 3]", func(x, y graph.Node) graph.Node { return x.Normalize(x, x, 0, none, y) }},
		{"Normalize: got shapes [2 3] and [3 3]", func(x, y graph.Node) graph.Node { return x.Normalize(y, x, 0, none, none) }},
		{"Normalize: got a Node that is not in this graph", func(x, _ graph.Node) graph.Node { return x.Normalize(none, x, 0, none, none) }},
		{"Normalize: got a Node that is not in this graph", func(x, _ graph.Node) graph.Node { return x.Normalize(x, none, 0, x, x) }},
		{"Normalize: epsilon: got NaN", func(x, _ graph.Node) graph.Node { return x.Normalize(x, x, math.NaN(), none, none) }},
		{"Xlogy: got shapes [2 3] and [3 3]", func(x, y graph.Node) graph.Node { return x.Xlogy(y.Masked(y.Scale(0))) }},
		{"Div: got shapes [2 3] and [3 3]", func(x, y graph.Node) graph.Node { return x.Div(y.Masked(y.Scale(0))) }},
		{"Pow: got shapes [2 3] and [3 3]", func(x, y graph.Node) graph.Node { return x.Masked(x.Scale(0)).Pow(y) }},
		{"Mod: got shapes [2 3] and [3 3]", func(x, y graph.Node) graph.Node { return x.Masked(x.Scale(0)).Mod(y) }},
		{"ScatterAdd: got", func(x, y graph.Node) graph.Node { return x.ScatterAdd(1, x, y) }},
		{"CrossEntropy: got", func(x, y graph.Node) graph.Node { return x.CrossEntropy(y) }},
		{"PNorm: got axis 2", func(x, _ graph.Node) graph.Node { return x.PNorm(3, 2) }},
		{"PNorm: got axis 2", func(x, _ graph.Node) graph.Node { return x.PNorm(math.Inf(1), 2) }},
		{"Norm: got axis 0 twice", func(x, _ graph.Node) graph.Node { return x.Norm(0, 0) }},
		{"LogSumExp: got axis 0 twice", func(x, _ graph.Node) graph.Node { return x.LogSumExp(0, 0) }},
		{"Tile: got shape", func(x, _ graph.Node) graph.Node { return x.Tile(1<<40, 1) }},
		{"Repeat: got shape", func(x, _ graph.Node) graph.Node { return x.Repeat(0, 1<<40) }},
		{"LeakyReLU: got a Node", func(_, _ graph.Node) graph.Node { return none.LeakyReLU(0) }},
		{"PNorm: got a Node", func(_, _ graph.Node) graph.Node { return none.PNorm(3) }},
		{"PNorm: got a Node", func(_, _ graph.Node) graph.Node { return none.PNorm(math.Inf(1)) }},
		{"TopK: got", func(x, _ graph.Node) graph.Node { values, _ := x.TopK(1, 0); return values }},
		{"Einsum: equation", func(x, _ graph.Node) graph.Node { return graph.Einsum("ij->i", none) }},
		{"Einsum: equation", func(x, _ graph.Node) graph.Node { return graph.Einsum("ij,ij->i", x, none) }},
		{"Einsum: equation", func(x, y graph.Node) graph.Node { return graph.Einsum("ij,ij->i", x, y) }},
		{"Concat: got", func(x, y graph.Node) graph.Node { return graph.Concat(1, x, y) }},
		{"Concat: got", func(x, _ graph.Node) graph.Node { return graph.Concat(1, x, none) }},
	} {
		var got error
		_, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
			y := row.f(x[0], x[1])
			got = y.Err()
			return []graph.Node{y}
		}, []int{2, 3}, []int{3, 3})
		assert.ErrorContains(t, got, "graph: "+row.want)
		assert.ErrorContains(t, err, row.want)
	}
}
