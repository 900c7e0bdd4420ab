package layers_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// colored applies a layer in training to n images of one pixel of the given colour.
func colored(t *testing.T, l graph.Layer, n int, red, green, blue float64) [][]float64 {
	t.Helper()
	set := layers.Lambda(func(x graph.Node) graph.Node {
		x = x.Scale(0)
		return graph.Concat(1, x.Slice(1, 0, 1).Shift(red), x.Slice(1, 1, 2).Shift(green), x.Slice(1, 2, 3).Shift(blue))
	})
	y, _ := outputOf(t, layers.Sequential{set, l}, true, n, 3, 1, 1)
	return slices.Collect(slices.Chunk(y, 3))
}

// TestRandomColor: what each field changes, and what it keeps.
func TestRandomColor(t *testing.T) {
	const n, red, green, blue = 500, 0.4, 0.5, 0.3
	luma := 0.299*red + 0.587*green + 0.114*blue
	spread := map[string][]float64{}
	for _, p := range colored(t, layers.RandomColor{Brightness: 0.2}, n, red, green, blue) {
		f := p[0] / red
		require.InDeltaSlice(t, []float64{f * red, f * green, f * blue}, p, 1e-9)
		spread["brightness"] = append(spread["brightness"], f)
	}
	for name, l := range map[string]layers.RandomColor{"contrast": {Contrast: 0.2}, "saturation": {Saturation: 0.2}} { // the same for one pixel
		for _, p := range colored(t, l, n, red, green, blue) {
			f := (p[0] - luma) / (red - luma)
			require.InDeltaSlice(t, []float64{luma + f*(red-luma), luma + f*(green-luma), luma + f*(blue-luma)}, p, 1e-9)
			spread[name] = append(spread[name], f)
		}
	}
	for name, f := range spread {
		require.InDelta(t, 0.8, slices.Min(f), 0.01, name)
		require.InDelta(t, 1.2, slices.Max(f), 0.01, name)
	}
	different := 0
	for _, p := range colored(t, layers.RandomColor{Hue: 0.5}, n, red, green, blue) {
		require.InDelta(t, luma, 0.299*p[0]+0.587*p[1]+0.114*p[2], 1e-4, "grey stays")
		i, q := 0.595716*p[0]-0.274453*p[1]-0.321263*p[2], 0.211456*p[0]-0.522591*p[1]+0.311135*p[2]
		require.InDelta(t, math.Hypot(0.595716*red-0.274453*green-0.321263*blue, 0.211456*red-0.522591*green+0.311135*blue), math.Hypot(i, q), 1e-4)
		if math.Abs(p[0]-red) > 0.05 {
			different++
		}
	}
	require.Greater(t, different, n/4)
	for _, p := range colored(t, layers.RandomColor{Brightness: 1, Max: 0.6}, n, 0.5, 0.5, 0.5) {
		require.True(t, p[0] >= 0 && p[0] <= 0.6)
	}
}

// TestRandomCrop: each place comes about equally often, and inference takes the middle.
func TestRandomCrop(t *testing.T) {
	y, shape := outputOf(t, layers.Sequential{layers.Lambda(func(x graph.Node) graph.Node { // each image is 1, 2, ..., 20
		return x.Sub(x.Slice(1, 0, 1).Slice(2, 0, 1)).Shift(1)
	}), layers.RandomCrop{Height: 2, Width: 3}}, true, 3000, 4, 5)
	require.Equal(t, []int{3000, 2, 3}, shape)
	count := map[float64]int{}
	for p := range slices.Chunk(y, 6) {
		require.InDeltaSlice(t, []float64{p[0], p[0] + 1, p[0] + 2, p[0] + 5, p[0] + 6, p[0] + 7}, p, 1e-6)
		count[math.Round(p[0])]++
	}
	require.Len(t, count, 9)
	for place, n := range count {
		require.InDelta(t, 3000/9, n, 100, place)
	}
	got, _ := outputOf(t, layers.RandomCrop{Height: 2, Width: 1}, false, 1, 4, 3)
	require.Equal(t, []float64{5, 8}, got)
}

// TestRandomZoom: a picture that grows from its center is sampled at a smaller distance from it.
func TestRandomZoom(t *testing.T) {
	for _, l := range []layers.RandomZoom{{Factor: 2, In: true}, {Factor: 2}} {
		var factors []float64
		for _, image := range augment(t, l, 300, 9, 9, func(y, x int) float64 { return float64(x - 4) }) {
			factors = append(factors, 1/image[4*9+5]) // the pixel at distance 1 shows that at distance 1/factor
		}
		least := 1.0
		if !l.In {
			least = 0.5
		}
		require.InDelta(t, least, slices.Min(factors), 0.02)
		require.InDelta(t, 2, slices.Max(factors), 0.02)
	}
}
