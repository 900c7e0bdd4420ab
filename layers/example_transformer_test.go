package layers_test

import (
	"fmt"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// An encoder reads one sequence, and a decoder that attends to it writes another one.
func ExampleTransformerDecoder_Over() {
	net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		embed := func(words graph.Node) graph.Node {
			return s.ApplyAs("embed", layers.Embedding{Vocabulary: 100, Units: 16}, words)
		}
		memory := s.ApplyAs("encoder", layers.TransformerEncoder{Heads: 2, Rotary: true}, embed(s.Input("source")))
		y := s.ApplyAs("decoder", layers.TransformerDecoder{Heads: 2, Rotary: true}.Over(memory), embed(x))
		return s.ApplyAs("words", layers.Dense{Units: 100}, s.ApplyAs("norm", layers.LayerNorm{}, y))
	})
	model, err := graph.Compile(net, graph.Config{Input: []int{graph.Any}, Inputs: map[string][]int{"source": {graph.Any}}})
	fmt.Println(model, err)
	// Output:
	// layer                    output       parameters
	// input                    [n any]
	// source                   [n any]
	// embed                    [n any 16]   1,600
	// encoder/attention_norm   [n any 16]   32
	// encoder/attention        [n any 16]   1,088
	// encoder/perceptron_norm  [n any 16]   32
	// encoder/inner            [n any 64]   1,088
	// encoder/gelu1            [n any 64]   0
	// encoder/outer            [n any 16]   1,040
	// embed                    [n any 16]   0
	// decoder/attention_norm   [n any 16]   32
	// decoder/attention        [n any 16]   1,088
	// decoder/cross_norm       [n any 16]   32
	// decoder/cross            [n any 16]   1,088
	// decoder/perceptron_norm  [n any 16]   32
	// decoder/inner            [n any 64]   1,088
	// decoder/gelu1            [n any 64]   0
	// decoder/outer            [n any 16]   1,040
	// norm                     [n any 16]   32
	// words                    [n any 100]  1,700
	// total: 11,012 parameters
	//  <nil>
}
