package main

import (
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// Names of the network's additional input, the characters written so far, and of its additional output, the attention's weights.
const (
	writtenInput    = "written"
	attentionOutput = "attention"
)

// A Translator is an encoder-decoder. Its input is a text, (batch, time), of numbers in the alphabet of texts, where 0 is padding. The
// additional input has the characters before those that it is to write, and its output, (batch, characters, 12), their probabilities.
type Translator struct {
	Units int // features of a character
	Heads int // of self-attention
}

func init() { graph.Register("", Translator{}) }

// Emit implements graph.Layer.
func (n Translator) Emit(s *graph.Scope, x graph.Node) graph.Node {
	// The encoder: the mask of the embedding keeps padding out of every attention below.
	memory := s.ApplyAs("source", layers.Embedding{Vocabulary: source.Len(), Units: n.Units, MaskZero: true}, x)
	for range 2 {
		memory = s.Apply(layers.TransformerEncoder{Heads: n.Heads, Rotary: true}, memory)
	}
	memory = s.ApplyAs("memory", layers.LayerNorm{}, memory)

	// The decoder: each character sees those written before it, and all of the text.
	y := s.ApplyAs("target", layers.Embedding{Vocabulary: target.Len(), Units: n.Units}, s.Input(writtenInput))
	y = s.Apply(layers.TransformerDecoder{Heads: n.Heads, Rotary: true}, y)
	y = y.Add(s.ApplyAs("look", look{memory}, s.ApplyAs("question", layers.LayerNorm{}, y)))
	y = s.Apply(layers.TransformerDecoder{Heads: n.Heads, Rotary: true}, y)
	y = s.ApplyAs("answer", layers.LayerNorm{}, y)
	return s.Apply(layers.Softmax{}, s.ApplyAs("characters", layers.Dense{Units: target.Len()}, y))
}

// look is attention of one head to another sequence, (batch, time, features), as layers.MultiHeadAttention.Over. It is written with
// single operations, since that one never holds the weights, and they are an output here.
type look struct{ memory graph.Node }

// Emit implements graph.Layer.
func (l look) Emit(s *graph.Scope, x graph.Node) graph.Node {
	units := x.Dim(-1)
	linear := func(name string, x graph.Node) graph.Node {
		return x.MatMul(s.Param(name, graph.GlorotUniform, units, units))
	}
	query, key, value := linear("query", x), linear("key", l.memory), linear("value", l.memory)
	scores := query.MatMul(key.SwapAxes(1, 2)).Scale(1 / math.Sqrt(float64(units))) // (batch, characters, time)
	if mask, ok := l.memory.Mask(); ok {
		padding := mask.Reshape(mask.Dim(0), 1, mask.Dim(1)).Shift(-1)
		scores = scores.Add(padding.Scale(1e9))
	}
	weights := scores.Softmax()
	s.Output(attentionOutput, weights)
	return linear("out", weights.MatMul(value))
}
