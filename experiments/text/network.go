package main

import (
	"math"

	"github.com/nndiy/nndiy/experiments/internal/choose"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

// A network's layers read the numbers of characters, (batch, time), and give the probabilities of each next character, (batch, time,
// characters).
type network struct {
	layers func(characters int) layers.Sequential
	epochs int // by default
	memory int // characters after which it must begin again when it writes; 0 means never
}

// networks returns the flag that selects a network. Attention has learned nothing of characters that are farther back than a piece is
// long; an LSTM can read on forever.
func networks() *choose.Flag[network] {
	return choose.Of(
		choose.Option[network]{Name: "lstm", Value: network{lstm, 12, 0}},
		choose.Option[network]{Name: "transformer", Value: network{transformer, 8, piece}},
	)
}

// lstm returns one LSTM.
func lstm(characters int) layers.Sequential {
	return layers.Sequential{
		layers.Embedding{Vocabulary: characters, Units: 64},
		layers.LSTM{Units: 256, ReturnSequences: true},
		layers.Dropout{Rate: 0.2},
		layers.Dense{Units: characters}, layers.Softmax{},
	}
}

// transformer returns four blocks, each of which attends only to earlier characters.
func transformer(characters int) layers.Sequential {
	block := layers.TransformerDecoder{Heads: 4, Rotary: true, Dropout: 0.1}
	return layers.Sequential{
		layers.Embedding{Vocabulary: characters, Units: 128},
		block, block, block, block,
		layers.LayerNorm{},
		layers.Dense{Units: characters}, layers.Softmax{},
	}
}

// Bits is the cross-entropy in bits: the mean of -log2 of the probability that the network gave to the character that came.
type Bits struct {
	losses.SparseCategoricalCrossEntropy
}

func init() { graph.Register("", Bits{}) }

// Loss implements graph.Loss.
func (b Bits) Loss(pred, target graph.Node) graph.Node {
	return b.SparseCategoricalCrossEntropy.Loss(pred, target).Scale(1 / math.Ln2)
}

// PerSample implements graph.SampleLoss.
func (b Bits) PerSample(pred, target graph.Node) graph.Node {
	return b.SparseCategoricalCrossEntropy.PerSample(pred, target).Scale(1 / math.Ln2)
}
