package graph_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// residual is the network for pictures of 32 × 32 pixels of He et al. 2016, with 3 stages of n blocks.
func residual(n int) layers.Sequential {
	conv := func(filters, size, stride int) graph.Layer {
		return layers.Conv2D{Filters: filters, Kernel: []int{size}, Stride: []int{stride}, Padding: layers.Pad(size / 2), NoBias: true}
	}
	net := layers.Sequential{conv(16, 3, 1), layers.BatchNorm{}, layers.ReLU{}}
	for stage, filters := range []int{16, 32, 64} {
		for block := range n {
			stride, shortcut := 1, graph.Layer(nil)
			if stage > 0 && block == 0 {
				stride, shortcut = 2, layers.Sequential{conv(filters, 1, 2), layers.BatchNorm{}}
			}
			inner := layers.Sequential{conv(filters, 3, stride), layers.BatchNorm{}, layers.ReLU{}, conv(filters, 3, 1), layers.BatchNorm{}}
			net = append(net, layers.Residual{Layer: inner, Shortcut: shortcut}, layers.ReLU{})
		}
	}
	return append(net, layers.GlobalAvgPool{}, layers.Dense{Units: 10})
}

// transformer has n blocks of 128 features.
func transformer(n int, dropout float64) layers.Sequential {
	net := layers.Sequential{layers.Embedding{Vocabulary: 64, Units: 128}, layers.PositionalEncoding{Learned: true}}
	for range n {
		net = append(net,
			layers.Residual{Layer: layers.Sequential{layers.LayerNorm{}, layers.MultiHeadAttention{Heads: 4, Causal: true}, layers.Dropout{Rate: dropout}}},
			layers.Residual{Layer: layers.Sequential{layers.LayerNorm{}, layers.Dense{Units: 512}, layers.GELU{}, layers.Dense{Units: 128}, layers.Dropout{Rate: dropout}}})
	}
	return append(net, layers.LayerNorm{}, layers.Dense{Units: 64})
}

// TestPlannedBytes bounds the memory of training steps, which the planner counts. The large networks compute values again that take
// one pass over memory; the comments have the MB that they need otherwise.
func TestPlannedBytes(t *testing.T) {
	perceptron := layers.Sequential{
		layers.Dense{Units: 4096}, layers.ReLU{}, layers.Dropout{Rate: 0.5}, layers.Dense{Units: 4096}, layers.ReLU{}, layers.Dropout{Rate: 0.5},
		layers.Dense{Units: 10},
	}
	for _, r := range []struct {
		name          string
		net           graph.Layer
		rows          int
		input, target []int   // of a row
		most          float64 // MB, of 10⁶ bytes
	}{
		{"resnet20 of 64", residual(3), 64, []int{3, 32, 32}, nil, 101},
		{"resnet20 of 256", residual(3), 256, []int{3, 32, 32}, nil, 303},          // 403
		{"gpt", transformer(4, 0), 64, []int{128}, []int{128}, 208},                // 292
		{"gpt with dropout", transformer(4, 0.1), 64, []int{128}, []int{128}, 213}, // 325
		{"perceptron with dropout", perceptron, 2048, []int{256}, nil, 202},        // 235
	} {
		t.Run(r.name, func(t *testing.T) {
			m, err := graph.Compile(r.net, graph.Config{
				Input: r.input, Loss: losses.SparseCategoricalCrossEntropy{FromLogits: true}, Optimizer: optimizers.Adam{},
			})
			require.NoError(t, err)
			zeros := func(shape []int) *tensor.Dense {
				return tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(append([]int{r.rows}, shape...)...))
			}
			bytes, err := m.PlannedBytes(graph.Batch{X: zeros(r.input), Y: zeros(r.target)})
			require.NoError(t, err)
			require.LessOrEqual(t, float64(bytes)/1e6, r.most)
		})
	}
}
