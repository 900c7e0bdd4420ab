package graph

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/tensors"
)

// TestPieces: samples are computed apart, and a batch whose values need more memory than pieceBytes in pieces of few samples, with the
// same bits, unless the network mixes samples, has derivatives, or reads many parameters.
func TestPieces(t *testing.T) {
	wide := func(s *Scope, x Node) Node {
		for _, n := range []int{6, 36} {
			x = x.Reshape(-1, n, 1).MatMul(x.Reshape(-1, 1, n)).Softmax().Reshape(-1, n*n)
		}
		return x.MatMul(s.Param("w", GlorotUniform, 36*36, 1))
	}
	for _, r := range []struct {
		name string
		net  func(s *Scope, x Node) Node
		fit  int // samples whose values pieceBytes hold
		want cutting
	}{
		{"few bytes", wide, 9, cutting{rows: 9, apart: 4}},
		{"many bytes", wide, 5, cutting{rows: 4, apart: 2}},
		{"less than the workers' samples fit", wide, 0, cutting{rows: 2, apart: 1}},
		{"mixed", func(s *Scope, x Node) Node { return wide(s, x.Sub(x.Mean(0))) }, 1, cutting{rows: 9}},
		{"derivative", func(s *Scope, x Node) Node { return Grad(wide(s, x).Sum(), x)[0] }, 1, cutting{rows: 9}},
		{"noise", func(s *Scope, x Node) Node { return wide(s, x.Mul(s.Noise(Noise{}, x.Shape()...))) }, 4, cutting{rows: 4, apart: 2}},
		{"parameters", func(s *Scope, x Node) Node {
			return x.MatMul(s.Param("a", GlorotUniform, 6, 400)).MatMul(s.Param("b", GlorotUniform, 400, 400))
		}, 1, cutting{rows: 9}},
		{"some parameters", func(s *Scope, x Node) Node {
			return wide(s, x).MatMul(s.Param("a", GlorotUniform, 1, 400)).MatMul(s.Param("b", GlorotUniform, 400, 11))
		}, 5, cutting{rows: 9, apart: 2}},
	} {
		t.Run(r.name, func(t *testing.T) {
			x := tensors.New(tensor.Float32, []int{9, 6})
			for i := range 9 * 6 {
				tensors.Data[float32](x)[i] = float32(i%17) / 8
			}
			ctx := context.Background()
			config := Config{Input: []int{6}, Seed: 1, Workers: 1}
			one, err := Compile(LayerFunc(r.net), config)
			require.NoError(t, err)
			want, err := one.Predict(ctx, x)
			require.NoError(t, err)
			config.Workers = 2
			m, err := Compile(LayerFunc(r.net), config)
			require.NoError(t, err)
			defer func(few, bytes int) { fewBytes, pieceBytes = few, bytes }(fewBytes, pieceBytes)
			key, in, err := m.single(x)
			require.NoError(t, err)
			cost, err := m.sampleCost(ctx, key)
			require.NoError(t, err)
			fewBytes, pieceBytes = 0, r.fit*cost.memory
			c, err := m.cutting(ctx, key, in)
			require.NoError(t, err)
			require.Equal(t, r.want, c)
			got, err := m.Predict(ctx, x)
			require.NoError(t, err)
			require.Equal(t, want.Data(), got.Data())
		})
	}
}

// TestPiecesErrors: the error of a prediction in pieces is that of the first samples that cannot be computed.
func TestPiecesErrors(t *testing.T) {
	net := LayerFunc(func(s *Scope, x Node) Node { return s.Param("w", GlorotUniform, 3, 2).Gather(x) })
	m, err := Compile(net, Config{Input: []int{2000}, Seed: 1, Workers: 2})
	require.NoError(t, err)
	x := tensors.New(tensor.Float32, []int{8, 2000})
	_, err = m.Predict(context.Background(), x)
	require.NoError(t, err)
	for _, bad := range [][]int{{7}, {1}, {1, 7}} {
		for _, row := range bad {
			tensors.Data[float32](x)[row*2000] = 3
		}
		_, err = m.Predict(context.Background(), x)
		require.ErrorContains(t, err, map[int]string{7: "rows 4 to 7", 1: "rows 0 to 3"}[bad[0]])
		for _, row := range bad {
			tensors.Data[float32](x)[row*2000] = 0
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = m.Predict(ctx, x)
	require.ErrorIs(t, err, context.Canceled)
}
