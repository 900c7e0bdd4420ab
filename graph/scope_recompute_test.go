package graph_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// A deep network consists of equal layers.
type deep struct {
	name   string
	layer  graph.Layer
	n      int
	input  []int
	batch  int
	wanted float64 // fraction of the memory without Recompute that √n pieces may take
}

var deeps = []deep{
	{"dense", layers.Sequential{layers.Dense{Units: 64}, layers.Tanh{}}, 36, []int{64}, 512, 0.5},
	{"transformer", layers.TransformerEncoder{Heads: 4, Dropout: 0.1}, 16, []int{64, 32}, 8, 0.35},
	{"recurrent", layers.GRU{Units: 16, ReturnSequences: true}, 9, []int{60, 16}, 16, 0.6},
	{"convolutions", layers.Sequential{layers.Conv2D{Filters: 8, Kernel: []int{3}, Padding: layers.Same}, layers.BatchNorm{}, layers.ReLU{}}, 16, []int{8, 16, 16}, 16, 0.5},
}

// compile returns the network in pieces, each in a Recompute; 0 means without Recompute.
func (d deep) compile(t testing.TB, pieces int) (*graph.Model, graph.Batch) {
	var net layers.Sequential
	for range max(pieces, 1) {
		var piece layers.Sequential
		for range d.n / max(pieces, 1) {
			piece = append(piece, d.layer)
		}
		if pieces == 0 {
			net = piece
		} else {
			net = append(net, layers.Recompute{Layer: piece})
		}
	}
	m, err := graph.Compile(net, graph.Config{Input: d.input, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{}})
	require.NoError(t, err)
	shape := append([]int{d.batch}, d.input...)
	return m, graph.Batch{X: random(1, shape...), Y: random(2, shape...)}
}

// pieces returns √n.
func (d deep) pieces() int { return int(math.Sqrt(float64(d.n))) }

// TestRecomputeMemory: a deep network in √n pieces runs a step in a fraction of the memory.
func TestRecomputeMemory(t *testing.T) {
	for _, d := range deeps {
		t.Run(d.name, func(t *testing.T) {
			memory := func(pieces int) (bytes, again int) {
				m, batch := d.compile(t, pieces)
				p, err := m.StepProgram(batch)
				require.NoError(t, err)
				return p.Memory(), graph.OpsAgain(p)
			}
			plain, none := memory(0)
			less, again := memory(d.pieces())
			t.Logf("%d bytes, %.2f of %d, %d ops again", less, float64(less)/float64(plain), plain, again)
			require.Zero(t, none)
			require.Positive(t, again)
			require.Less(t, float64(less), d.wanted*float64(plain))
		})
	}
}

// BenchmarkRecompute measures a step without Recompute and with it, and the memory that it runs in.
func BenchmarkRecompute(b *testing.B) {
	list := append([]deep{
		{"dense512", layers.Sequential{layers.Dense{Units: 512}, layers.Tanh{}}, 36, []int{512}, 2048, 1},
		{"transformer128", layers.TransformerEncoder{Heads: 4}, 16, []int{128, 128}, 16, 1},
	}, deeps...)
	for _, d := range list {
		for _, pieces := range []int{0, d.pieces()} {
			b.Run(fmt.Sprintf("%s/pieces=%d", d.name, pieces), func(b *testing.B) {
				m, batch := d.compile(b, pieces)
				p, err := m.StepProgram(batch)
				require.NoError(b, err)
				for b.Loop() {
					_, err := m.Step(context.Background(), batch)
					require.NoError(b, err)
				}
				b.ReportMetric(float64(p.Memory())/(1<<20), "MB")
			})
		}
	}
}
