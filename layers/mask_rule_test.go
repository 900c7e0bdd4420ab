package layers_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
)

// A maskedRun is what a layer computes from sequences.
type maskedRun struct {
	y     [][][]float64 // the output of each sequence: its valid steps, or one vector
	dx    [][][]float64 // the derivative by the input of each sequence
	grads [][]float64   // the derivatives by the parameters
}

// runMasked applies a layer to sequences that are padded to a number of steps with garbage, in training or in inference, and
// differentiates a sum of the valid outputs with weights that depend on the sequence, the step and the feature.
func runMasked(t *testing.T, l graph.Layer, sequences [][][]float64, time int, garbage float64, training bool, first int) maskedRun {
	t.Helper()
	batch, features := len(sequences), len(sequences[0][0])
	var data, lengths []float64
	for _, s := range sequences {
		lengths = append(lengths, float64(len(s)))
		for i := range time {
			row := slices.Repeat([]float64{garbage * (1 + float64(i))}, features)
			if i < len(s) {
				row = s[i]
			}
			data = append(data, row...)
		}
	}
	var transposed, masked bool
	f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
		s = s.TrainingMode(training)
		in := x[0].Masked(x[1].Steps(time))
		if garbage != garbage {
			in = in.FillPadding(0) // as Masking and Lengths do
		}
		y := s.Apply(l, in)
		_, axis, ok := y.Valid()
		if transposed = axis == 2; transposed {
			y = y.SwapAxes(1, 2)
		}
		masked = ok
		mask, _ := y.Mask()
		if !ok {
			mask = s.Scalar(1)
		}
		inner := y.Dim(-1)
		weight := s.Table(func(i int) float64 {
			row := i / inner
			steps := y.Reshape(y.Dim(0), -1, inner).Dim(1)
			return math.Sin(float64(31*(first+row/steps) + 7*(row%steps) + 3*(i%inner)))
		}, y.Shape()...)
		sum := y.FillPadding(0).Mul(weight).Sum()
		return append([]graph.Node{y, mask}, graph.Grad(sum, append([]graph.Node{x[0]}, s.Params()...)...)...)
	}, []int{batch, time, features}, []int{batch})
	require.NoError(t, err)
	out, err := f.Call(t.Context(), tensor.New(tensor.WithShape(batch, time, features), tensor.WithBacking(data)),
		tensor.New(tensor.WithShape(batch), tensor.WithBacking(lengths)))
	require.NoError(t, err)
	split := func(d []float64, rows int) (list [][]float64) {
		for i := range rows {
			list = append(list, d[i*len(d)/rows:(i+1)*len(d)/rows])
		}
		return list
	}
	var r maskedRun
	for i, s := range split(out[0].Float64s(), batch) {
		if !masked {
			r.y = append(r.y, [][]float64{s})
			continue
		}
		var valid [][]float64
		mask := split(out[1].Float64s(), batch)[i]
		for k, step := range split(s, len(mask)) {
			if mask[k] > 0 {
				valid = append(valid, step)
			}
		}
		r.y = append(r.y, valid)
	}
	for i, s := range split(out[2].Float64s(), batch) {
		steps := split(s, time)
		for _, step := range steps[len(sequences[i]):] {
			for _, d := range step {
				require.Zero(t, d, "derivative of the padding")
			}
		}
		r.dx = append(r.dx, steps[:len(sequences[i])])
	}
	for _, g := range out[3:] {
		r.grads = append(r.grads, g.Float64s())
	}
	return r
}

func nearAll(t *testing.T, want, got [][][]float64, what string) {
	t.Helper()
	require.Len(t, got, len(want), what)
	for i := range want {
		require.Len(t, got[i], len(want[i]), "%s: steps of sequence %d", what, i)
		for k := range want[i] {
			require.InDeltaSlice(t, want[i][k], got[i][k], 1e-9, "%s: sequence %d, step %d", what, i, k)
		}
	}
}

// TestPaddingChangesNothing: sequences alone, and padded in a batch with others, whatever the padding is, give the same outputs and
// derivatives.
func TestPaddingChangesNothing(t *testing.T) {
	random := graphtest.Check{Seed: 1}.Random(4, 7, 4).Float64s()
	sequence := func(i, steps int) (list [][]float64) {
		for k := range steps {
			at := (i*7 + k) * 4
			list = append(list, random[at:at+4])
		}
		return list
	}
	ragged := [][][]float64{sequence(0, 5), sequence(1, 3), sequence(2, 7), sequence(3, 4)}
	equal := [][][]float64{sequence(0, 4), sequence(1, 4)}
	garbages := []float64{math.NaN(), 1e3, -7}
	if testing.Short() { // for runs in an emulator
		garbages = garbages[:1]
	}
	for _, r := range maskRows() {
		t.Run(r.name, func(t *testing.T) {
			for _, training := range []bool{false, true} {
				want := runMasked(t, r.layer, ragged, 7, 0, training, 0)
				for _, garbage := range garbages {
					got := runMasked(t, r.layer, ragged, 7, garbage, training, 0)
					nearAll(t, want.y, got.y, "output")
					nearAll(t, want.dx, got.dx, "derivative by the input")
					nearAll(t, [][][]float64{want.grads}, [][][]float64{got.grads}, "derivatives by the parameters")
				}
				if r.fixed || testing.Short() {
					continue
				}
				want, got := runMasked(t, r.layer, equal, 4, 0, training, 0), runMasked(t, r.layer, equal, 7, 1e3, training, 0)
				nearAll(t, want.y, got.y, "batch: output")
				nearAll(t, want.dx, got.dx, "batch: derivative by the input")
				nearAll(t, [][][]float64{want.grads}, [][][]float64{got.grads}, "batch: derivatives by the parameters")
			}
			if r.fixed || testing.Short() {
				return
			}
			got := runMasked(t, r.layer, ragged, 7, 1e3, false, 0)
			var sums [][]float64
			for i, s := range ragged {
				alone := runMasked(t, r.layer, [][][]float64{s}, len(s), 0, false, i)
				nearAll(t, alone.y, got.y[i:i+1], "alone: output")
				nearAll(t, alone.dx, got.dx[i:i+1], "alone: derivative by the input")
				for k, g := range alone.grads {
					if i == 0 {
						sums = append(sums, make([]float64, len(g)))
					}
					for j, d := range g {
						sums[k][j] += d
					}
				}
			}
			nearAll(t, [][][]float64{sums}, [][][]float64{got.grads}, "alone: derivatives by the parameters")
		})
	}
}
