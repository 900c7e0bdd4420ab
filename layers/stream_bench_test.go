package layers_test

import (
	"context"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// BenchmarkStream is one event at a time: one row, one time step.
func BenchmarkStream(b *testing.B) {
	for _, c := range []struct {
		name    string
		net     graph.Layer
		shape   []int
		history int // steps before, fed at once
	}{
		{"lstm 128", layers.LSTM{Units: 128, ReturnSequences: true}, []int{graph.Any, 64}, 1},
		{"wave net", waveNet(), []int{2, graph.Any}, 1},
		{"4 blocks of width 128 after 500 steps", layers.Sequential{layers.Residual{Layer: layers.TransformerDecoder{Heads: 4, MaxLength: 512}},
			layers.TransformerDecoder{Heads: 4, MaxLength: 512}, layers.TransformerDecoder{Heads: 4, MaxLength: 512}, layers.TransformerDecoder{Heads: 4, MaxLength: 512}}, []int{graph.Any, 128}, 260},
	} {
		b.Run(c.name, func(b *testing.B) {
			m, err := graph.Compile(c.net, graph.Config{Input: c.shape})
			if err != nil {
				b.Fatal(err)
			}
			s, err := m.Stream()
			if err != nil {
				b.Fatal(err)
			}
			shape := []int{1}
			axis := 0
			for i, d := range c.shape {
				if d == graph.Any {
					d, axis = 1, i+1
				}
				shape = append(shape, d)
			}
			ctx := context.Background()
			begin, x := streamed(sized(shape, axis, c.history)...), streamed(shape...)
			for _, x := range []*graph.Tensor{begin, x} {
				if _, err := s.Next(ctx, x); err != nil {
					b.Fatal(err)
				}
			}
			start := s.Clone()
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				if c.history > 1 && i%200 == 199 {
					s = start.Clone()
				}
				if _, err := s.Next(ctx, x); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
