package main

import (
	"math/rand/v2"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

// The networks beyond MNIST's run on random data, whose values do not change the speed.

const classes = 10

var picture = []int{3, 32, 32} // the shape of a picture

func conv(filters, size, stride int) graph.Layer {
	return layers.Conv2D{Filters: filters, Kernel: []int{size}, Stride: []int{stride}, Padding: layers.Pad(size / 2), NoBias: true}
}

// resnet20 is the residual network of He et al. 2016, section 4.2, with convolutions in the shortcuts that change the shape.
func resnet20() graph.Layer {
	net := layers.Sequential{conv(16, 3, 1), layers.BatchNorm{}, layers.ReLU{}}
	for stage, filters := range []int{16, 32, 64} {
		for block := range 3 {
			stride := 1
			var shortcut graph.Layer
			if stage > 0 && block == 0 {
				stride = 2
				shortcut = layers.Sequential{conv(filters, 1, stride), layers.BatchNorm{}}
			}
			net = append(net, layers.Residual{Layer: layers.Sequential{
				conv(filters, 3, stride), layers.BatchNorm{}, layers.ReLU{}, conv(filters, 3, 1), layers.BatchNorm{},
			}, Shortcut: shortcut}, layers.ReLU{})
		}
	}
	return append(net, layers.GlobalAvgPool{}, layers.Dense{Units: classes})
}

// mobile consists of depthwise and pointwise convolutions, as in Howard et al. 2017.
func mobile() graph.Layer {
	net := layers.Sequential{conv(16, 3, 1), layers.BatchNorm{}, layers.ReLU{}}
	for _, b := range []struct{ filters, stride int }{{32, 1}, {64, 2}, {64, 1}, {128, 2}, {128, 1}} {
		net = append(net,
			layers.DepthwiseConv2D{Kernel: []int{3}, Stride: []int{b.stride}, Padding: layers.Pad(1), NoBias: true}, layers.BatchNorm{}, layers.ReLU{},
			conv(b.filters, 1, 1), layers.BatchNorm{}, layers.ReLU{})
	}
	return append(net, layers.GlobalAvgPool{}, layers.Dense{Units: classes})
}

// letters is the number of different letters of the text networks.
const letters = 64

// The size of gpt.
const (
	gptBlocks   = 4
	gptFeatures = 128
)

// gpt is a transformer of four blocks that predicts the next letter, as in Radford et al. 2019.
func gpt() graph.Layer {
	const features = gptFeatures
	net := layers.Sequential{layers.Embedding{Vocabulary: letters, Units: features}, layers.PositionalEncoding{Learned: true}}
	for range gptBlocks {
		net = append(net,
			layers.Residual{Layer: layers.Sequential{layers.LayerNorm{}, layers.MultiHeadAttention{Heads: 4, Causal: true}}},
			layers.Residual{Layer: layers.Sequential{layers.LayerNorm{}, layers.Dense{Units: 4 * features}, layers.GELU{}, layers.Dense{Units: features}}})
	}
	return append(net, layers.LayerNorm{}, layers.Dense{Units: letters})
}

// gptWork returns the floating-point operations that training gpt needs for one text: the multiply-adds of dense layers, 12 features²
// in a block and features·letters at the end, and of causal attention, where a letter meets (time+1)/2 keys on average, in two
// products. The derivatives by inputs and by weights need as many each as the forward pass. Anything else is left out.
func gptWork(time int) float64 {
	dense := gptBlocks*12*gptFeatures*gptFeatures + gptFeatures*letters
	attention := gptBlocks * gptFeatures * (time + 1)
	return 3 * 2 * float64(time) * float64(dense+attention)
}

// lstm is two LSTMs that predict the next letter.
func lstm() graph.Layer {
	return layers.Sequential{
		layers.Embedding{Vocabulary: letters, Units: 64},
		layers.LSTM{Units: 128, ReturnSequences: true}, layers.LSTM{Units: 128, ReturnSequences: true},
		layers.Dense{Units: letters},
	}
}

// networks are the workloads on random data: pictures of classes, or letters whose next letter is the target.
var networks = map[string]func() graph.Layer{"resnet20": resnet20, "mobile": mobile, "gpt": gpt, "lstm": lstm}

// network returns the workload of one of the networks, with data of rows samples. time is the number of letters of a text.
func network(name string, rows, time int) workload {
	input, target, numbers := picture, []int{}, func(r *rand.Rand) float32 { return r.Float32() }
	count := classes
	if slices.Contains(texts, name) {
		input, target, count = []int{time}, []int{time}, letters
		numbers = func(r *rand.Rand) float32 { return float32(r.IntN(letters)) }
	}
	r := rand.New(rand.NewPCG(1, 2))
	fill := func(shape []int, f func(*rand.Rand) float32) *tensor.Dense {
		shape = append([]int{rows}, shape...)
		data := make([]float32, tensor.Shape(shape).TotalSize())
		for i := range data {
			data[i] = f(r)
		}
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
	}
	return workload{
		net: networks[name](), loss: losses.SparseCategoricalCrossEntropy{FromLogits: true}, input: input,
		random: func() graph.Arrays {
			return graph.Arrays{X: fill(input, numbers), Y: fill(target, func(r *rand.Rand) float32 { return float32(r.IntN(count)) })}
		},
	}
}
