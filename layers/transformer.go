package layers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// TransformerEncoder is a block of a transformer's encoder (Vaswani et al. 2017, section 3.1): self-attention and a perceptron,
// each with a normalization and a shortcut. The input, (batch, time, features), keeps its shape; padding, as in a mask of the
// input, is not attended to. With PostNorm, x becomes Norm(x + f(x)), as in that paper; without it x + f(Norm(x)), which trains
// without a warm-up (Xiong et al. 2020), and the last block should have a normalization behind it.
//
// The layers inside are attention_norm and attention, a MultiHeadAttention; perceptron_norm, and inner and outer, which are Dense.
type TransformerEncoder struct {
	Heads      int         // as in MultiHeadAttention
	KeyHeads   int         // as in MultiHeadAttention
	Width      int         // units of the perceptron's inner layer; 0 means 4·features
	Activation graph.Layer // of the perceptron; nil means GELU{}
	Norm       graph.Layer // nil means LayerNorm{}
	PostNorm   bool
	Causal     bool    // as in MultiHeadAttention
	Rotary     bool    // as in MultiHeadAttention
	Dropout    float64 // of attention's weights, of the perceptron's inner outputs, and of the outputs of both parts
	NoBias     bool    // of attention and perceptron
	MaxLength  int     // as in MultiHeadAttention
}

// Emit implements graph.Layer.
func (e TransformerEncoder) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if x = e.checked(x); x.Err() != nil {
		return x
	}
	x = e.part(s, "attention", x, e.attention(e.Causal, e.Rotary))
	return e.perceptron(s, x)
}

// checked returns x, with an error if it or a setting of the block does not fit. The layers inside check the others.
func (e TransformerEncoder) checked(x graph.Node) graph.Node {
	if x.Rank() != 3 {
		return x.Errorf("got shape %v, want (batch, time, features)", x.Shape())
	}
	return checked(x, settings.Count("Width", e.Width, 0), settings.HalfOpen("Dropout", e.Dropout, 0, 1))
}

// attention returns the layer of the block's attention.
func (e TransformerEncoder) attention(causal, rotary bool) MultiHeadAttention {
	return MultiHeadAttention{Heads: e.Heads, KeyHeads: e.KeyHeads, Causal: causal, Rotary: rotary, Dropout: e.Dropout, NoBias: e.NoBias, MaxLength: e.MaxLength}
}

// part applies one part of the block, with its normalization and shortcut.
func (e TransformerEncoder) part(s *graph.Scope, name string, x graph.Node, l graph.Layer) graph.Node {
	return e.around(s, name, x, func(x graph.Node) graph.Node { return s.ApplyAs(name, l, x) })
}

// around applies f, with the normalization and the shortcut of the part with the given name.
func (e TransformerEncoder) around(s *graph.Scope, name string, x graph.Node, f func(x graph.Node) graph.Node) graph.Node {
	norm := e.Norm
	if norm == nil {
		norm = LayerNorm{}
	}
	if e.PostNorm {
		return s.ApplyAs(name+"_norm", norm, x.Add(e.drop(s, f(x))))
	}
	return x.Add(e.drop(s, f(s.ApplyAs(name+"_norm", norm, x))))
}

// drop applies the block's dropout.
func (e TransformerEncoder) drop(s *graph.Scope, x graph.Node) graph.Node {
	return drop(s, x, e.Dropout, x.Shape())
}

// perceptron applies the perceptron.
func (e TransformerEncoder) perceptron(s *graph.Scope, x graph.Node) graph.Node {
	features := x.Dim(2)
	activation := e.Activation
	if activation == nil {
		activation = GELU{}
	}
	return e.around(s, "perceptron", x, func(x graph.Node) graph.Node {
		x = s.Apply(activation, s.ApplyAs("inner", Dense{Units: settings.Or(e.Width, 4*features), NoBias: e.NoBias}, x))
		return s.ApplyAs("outer", Dense{Units: features, NoBias: e.NoBias}, e.drop(s, x))
	})
}

// TransformerDecoder is a block of a transformer's decoder: causal self-attention, attention to another sequence if Over names
// one, and a perceptron. Without another sequence it is a block of a language model (Radford et al. 2019). The input, (batch,
// time, features), keeps its shape. Padding and PostNorm are as in TransformerEncoder, and so are the layers inside; attention to
// another sequence adds cross_norm and cross.
type TransformerDecoder struct {
	Heads      int         // as in MultiHeadAttention
	KeyHeads   int         // as in MultiHeadAttention
	Width      int         // units of the perceptron's inner layer; 0 means 4·features
	Activation graph.Layer // of the perceptron; nil means GELU{}
	Norm       graph.Layer // nil means LayerNorm{}
	PostNorm   bool
	Rotary     bool    // of self-attention, as in MultiHeadAttention
	Dropout    float64 // of attention's weights, of the perceptron's inner outputs, and of the outputs of all parts
	NoBias     bool    // of attention and perceptron
	MaxLength  int     // of self-attention, as in MultiHeadAttention
}

// Emit implements graph.Layer.
func (d TransformerDecoder) Emit(s *graph.Scope, x graph.Node) graph.Node { return d.emit(s, x, nil) }

// Over returns the block with attention to memory, (batch, memory time, memory features), such as the output of an encoder.
func (d TransformerDecoder) Over(memory graph.Node) graph.Layer { return transformerDecoder{d, memory} }

// transformerDecoder is named like TransformerDecoder, since layers get their names from their types.
type transformerDecoder struct {
	TransformerDecoder
	memory graph.Node
}

// Unwrap returns the settings, by which two layers are compared that share parameters.
func (d transformerDecoder) Unwrap() graph.Layer { return d.TransformerDecoder }

// Emit implements graph.Layer.
func (d transformerDecoder) Emit(s *graph.Scope, x graph.Node) graph.Node {
	return d.emit(s, x, &d.memory)
}

// emit is Emit with attention to memory, unless that is nil.
func (d TransformerDecoder) emit(s *graph.Scope, x graph.Node, memory *graph.Node) graph.Node {
	e := TransformerEncoder{
		Heads: d.Heads, KeyHeads: d.KeyHeads, Width: d.Width, Activation: d.Activation, Norm: d.Norm, PostNorm: d.PostNorm,
		Dropout: d.Dropout, NoBias: d.NoBias, MaxLength: d.MaxLength,
	}
	if x = e.checked(x); x.Err() != nil {
		return x
	}
	x = e.part(s, "attention", x, e.attention(true, d.Rotary))
	if memory != nil {
		x = e.part(s, "cross", x, e.attention(false, false).Over(*memory))
	}
	return e.perceptron(s, x)
}
