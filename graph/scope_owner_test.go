package graph_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// hidden is a layer with settings that are not exported.
type hidden struct {
	data  []byte
	table map[string]float64
	next  *hidden
	f     func() int
	any   any
}

func (h hidden) Emit(s *graph.Scope, x graph.Node) graph.Node {
	return x.Add(s.Param("bias", graph.Zeros, x.Dim(-1)))
}

// cyclic returns a pointer to a layer that points to itself.
func cyclic(v float64) *hidden {
	h := &hidden{data: []byte("abc"), table: map[string]float64{"a": v}, f: func() int { return int(v) }, any: v}
	h.next = h
	return h
}

// param returns a layer that adds a parameter, or a state.
func param(name string, state bool) graph.Layer {
	return graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		if state {
			return x.Add(s.State(name, graph.Ones, 4))
		}
		return x.Add(s.Param(name, graph.Ones, 4))
	})
}

// in applies layers to the input under one name, in one scope.
func in(name string, list ...graph.Layer) graph.Layer {
	return graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		for _, l := range list {
			x = s.ApplyAs(name, l, x)
		}
		return x
	})
}

// inScope emits layers in one scope, without a name.
func inScope(list ...graph.Layer) graph.Layer {
	return graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		for _, l := range list {
			x = l.Emit(s, x)
		}
		return x
	})
}

// TestNames: two places with one full name for a parameter are an error that names both, unless one layer is applied twice.
func TestNames(t *testing.T) {
	dense := layers.Dense{Units: 4}
	seq := func(list ...graph.Layer) graph.Layer { return layers.Sequential(list) }
	a := func(list ...graph.Layer) graph.Layer { return in("a", list...) }
	tower := func(s *graph.Scope, x graph.Node) graph.Node {
		return s.ApplyAs("tower", layers.Sequential{dense, layers.BatchNorm{}, layers.Named("b", dense), layers.Bidirectional{Layer: layers.GRU{Units: 2}}}, x)
	}
	bias := func(v float64) graph.Layer { return layers.Dense{Units: 4, BiasInit: graph.Constant(v)} }
	own := func(f graph.Initializer) graph.Layer { return layers.Dense{Units: 4, KernelInit: f} }
	block := func(act graph.Layer, l graph.Layer) graph.Layer {
		return graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return s.Apply(act, s.Apply(l, x)) })
	}
	type row struct {
		name string
		net  graph.Layer
		want []string // of the error; nil for none
	}
	both := func(list ...string) []string { return append(list, "got one name in two places") }
	first, second := "layer 1 of the network", "layer 2 of the network"
	for _, r := range []row{
		{"numbered, then named", seq(dense, layers.Named("dense1", dense)), both("graph: dense1: Param: parameter dense1/weight", `the layers.Dense "dense1" (layer 1 of the network, numbered automatically)`, `the layers.Dense "dense1" (layer 2 of the network`)},
		{"named, then numbered", seq(layers.Named("dense1", dense), dense), both(first, second)},
		{"named as the second of its type", seq(layers.Named("dense2", dense), dense, layers.Tanh{}, dense), both(first, "layer 4 of the network")},
		{"two types", seq(layers.Named("a", layers.LayerNorm{}), layers.Named("a", layers.BatchNorm{})), both("graph: a: Param: parameter a/weight", `the layers.LayerNorm "a" (layer 1 of the network`, `the layers.BatchNorm "a" (layer 2 of the network`)},
		{"two types, ApplyAs", a(layers.LayerNorm{}, layers.BatchNorm{}), both("layers.LayerNorm", "layers.BatchNorm")},
		{"two types, other shapes", a(dense, layers.LayerNorm{}), both("layers.Dense", "layers.LayerNorm")},
		{"value and pointer", a(dense, &dense), both("layers.Dense", "*layers.Dense")},
		{"inside a layer", seq(layers.Named("e", seq(dense, layers.Named("dense1", dense)))), both("layer 1 of e", "layer 2 of e", "e/dense1")},
		{"a parameter beside a layer", inScope(param("w/weight", false), in("w", dense)), both("the network itself", `the layers.Dense "w" (layer 1 of the network`)},
		{"a layer, then a parameter", inScope(in("w", dense), param("w/bias", false)), both("the network itself", `the layers.Dense "w" (layer 1 of the network`)},
		{"a state beside a layer", inScope(in("w", layers.BatchNorm{}), param("w/running_mean", true)), both("the network itself", "layers.BatchNorm")},
		{"two states", a(param("n", true), layers.Identity{}, layers.Sequential{param("n", true)}, layers.BatchNorm{}), nil},
		{"a state, then a parameter", inScope(param("n", true), param("n", false)), []string{`got "n", the name of a state, want another name`}},
		{"a parameter, then a state", inScope(param("n", false), param("n", true)), []string{`got "n", the name of a trained parameter, want another name`}},
		{"other settings", a(layers.BatchNorm{}, layers.BatchNorm{Momentum: 0.2}), both(`want two names, or the same Momentum`)},
		{"other penalty", a(dense, layers.Dense{Units: 4, KernelPenalty: layers.Penalty{L2: 1}}), both("the same KernelPenalty")},
		{"other initializer", a(own(graph.HeNormal), own(graph.GlorotNormal)), both("the same KernelInit")},
		{"initializer or none", a(own(graph.HeNormal), own(nil)), both("the same KernelInit")},
		{"other constants", a(bias(1), bias(2)), both("the same BiasInit")},
		{"other inner layers", a(seq(dense, layers.Tanh{}), seq(dense, layers.ReLU{})), both(`the layers.Sequential "a"`)},
		{"other layers of a block", a(block(layers.Tanh{}, dense), block(layers.Tanh{}, layers.Dense{Units: 4, KernelPenalty: layers.Penalty{L1: 1}})), both("the same KernelPenalty")},
		{"other functions", a(param("n", false), graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return x.Add(s.Param("n", graph.Ones, 4)) })), both(`graph.LayerFunc "a"`)},
		{"hidden settings", a(cyclic(1), cyclic(2)), both(`*graph_test.hidden "a"`)},
		{"shortcut", layers.Residual{Layer: layers.Named("shortcut", dense), Shortcut: dense}, []string{`Layer: got the name "shortcut", which the Shortcut has, want another name`}},

		{"one layer", a(dense, layers.Dense{Units: 4}), nil},
		{"one pointer", a(&dense, &dense), nil},
		{"two pointers", a(&dense, &layers.Dense{Units: 4}), nil},
		{"one name in two ways", inScope(a(dense), seq(layers.Named("a", dense))), nil},
		{"one initializer", a(own(graph.HeNormal), own(graph.HeNormal)), nil},
		{"equal constants", a(bias(1), bias(1)), nil},
		{"hidden and equal", a(cyclic(1), cyclic(1)), nil},
		{"one function", a(param("n", false), param("n", false)), nil},
		{"siamese", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			x = x.Reshape(x.Dim(0), 1, 4)
			return tower(s, x).Sub(tower(s, x.Scale(2)))
		}), nil},
		{"shared and one more", seq(layers.Named("a", dense), layers.Named("a", dense), layers.Named("b", dense), dense, dense), nil},
		{"a parameter twice", inScope(param("n", false), param("n", false)), nil},
		{"names without parameters", seq(layers.Named("a", layers.ReLU{}), layers.Named("a", layers.Tanh{}), layers.Named("relu1", dense), layers.ReLU{}), nil},
		{"one name in two layers", seq(layers.Named("a", seq(dense)), layers.Named("b", seq(dense)), dense), nil},
		{"shortcut's name without a shortcut", layers.Residual{Layer: layers.Named("shortcut", dense)}, nil},
	} {
		t.Run(r.name, func(t *testing.T) {
			_, err := graph.Compile(r.net, graph.Config{Input: []int{4}})
			if r.want == nil {
				require.NoError(t, err)
			}
			for _, want := range r.want {
				require.ErrorContains(t, err, want)
			}
		})
	}
}
