package graph

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/tensors"
)

// TestPieces: a batch whose values need more memory than pieceBytes is computed in pieces of few samples, with the same bits, unless
// the network mixes samples, has derivatives, or reads many parameters.
func TestPieces(t *testing.T) {
	wide := func(s *Scope, x Node) Node {
		for _, n := range []int{6, 36} {
			x = x.Reshape(-1, n, 1).MatMul(x.Reshape(-1, 1, n)).Softmax().Reshape(-1, n*n)
		}
		return x.MatMul(s.Param("w", GlorotUniform, 36*36, 1))
	}
	for _, r := range []struct {
		name  string
		net   func(s *Scope, x Node) Node
		fit   int // samples whose values pieceBytes hold
		piece int
	}{
		{"few bytes", wide, 9, 9},
		{"many bytes", wide, 5, 4},
		{"less than the workers' samples fit", wide, 0, 2},
		{"mixed", func(s *Scope, x Node) Node { return wide(s, x.Sub(x.Mean(0))) }, 1, 9},
		{"derivative", func(s *Scope, x Node) Node { return Grad(wide(s, x).Sum(), x)[0] }, 1, 9},
		{"parameters", func(s *Scope, x Node) Node {
			return x.MatMul(s.Param("a", GlorotUniform, 6, 400)).MatMul(s.Param("b", GlorotUniform, 400, 400))
		}, 1, 9},
	} {
		t.Run(r.name, func(t *testing.T) {
			m, err := Compile(LayerFunc(r.net), Config{Input: []int{6}, Seed: 1, Workers: 2})
			require.NoError(t, err)
			x := tensors.New(tensor.Float32, []int{9, 6})
			for i := range 9 * 6 {
				tensors.Data[float32](x)[i] = float32(i%17) / 8
			}
			ctx := context.Background()
			want, err := m.Predict(ctx, x)
			require.NoError(t, err)
			defer func(few, bytes int) { fewBytes, pieceBytes = few, bytes }(fewBytes, pieceBytes)
			key, in, err := m.single(x)
			require.NoError(t, err)
			cost, err := m.sampleCost(ctx, key, 2)
			require.NoError(t, err)
			fewBytes, pieceBytes = 0, r.fit*cost.memory
			piece, err := m.pieceRows(ctx, key, in)
			require.NoError(t, err)
			require.Equal(t, r.piece, piece)
			got, err := m.Predict(ctx, x)
			require.NoError(t, err)
			require.Equal(t, want.Data(), got.Data())
		})
	}
}
