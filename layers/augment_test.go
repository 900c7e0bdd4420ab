package layers_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// augment applies a layer, in training, to n copies of an image with two channels, the second twice the first. It returns the
// first channel of each result.
func augment(t *testing.T, l graph.Layer, n, height, width int, pixel func(y, x int) float64) [][]float64 {
	t.Helper()
	f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
		return []graph.Node{s.TrainingMode(true).Apply(l, x[0])}
	}, []int{n, 2, height, width})
	require.NoError(t, err)
	plane := height * width
	x := make([]float64, n*2*plane)
	for i := range x {
		x[i] = pixel(i%plane/width, i%width) * float64(1+i/plane%2)
	}
	y, err := f.Call(context.Background(), tensor.New(tensor.WithShape(n, 2, height, width), tensor.WithBacking(x)))
	require.NoError(t, err)
	var images [][]float64
	for i := range n {
		one, two := y[0].Float64s()[2*i*plane:(2*i+1)*plane], y[0].Float64s()[(2*i+1)*plane:(2*i+2)*plane]
		for j, v := range one {
			if v != -1 || two[j] != -1 { // the fill, if it is not 0
				require.InDelta(t, 2*v, two[j], 1e-11, "the channels move together")
			}
		}
		images = append(images, one)
	}
	return images
}

// TestRandomShift: one bright pixel moves to every place within the largest shift, about equally often, and to no other.
func TestRandomShift(t *testing.T) {
	for _, l := range []layers.RandomShift{{Pixels: []int{1, 2}, Fill: -1}, {Fraction: 0.2, Fill: -1}} {
		counts := map[[2]int]int{}
		for _, image := range augment(t, l, 3000, 7, 9, func(y, x int) float64 { return btof(y == 3 && x == 4) }) {
			i := slices.Index(image, 1)
			dy, dx := i/9-3, i%9-4
			counts[[2]int{dy, dx}]++
			for j, v := range image { // pixels from outside are the fill
				y, x := j/9-dy, j%9-dx
				require.Equal(t, v == -1, y < 0 || y > 6 || x < 0 || x > 8)
			}
		}
		require.Len(t, counts, 15)
		for d, n := range counts {
			require.True(t, max(-d[0], d[0]) <= 1 && max(-d[1], d[1]) <= 2, "%v", d)
			require.InDelta(t, 200, n, 60, "%v", d) // 4.4 standard deviations
		}
	}
}

// TestRandomRotate: an image with a constant gradient keeps the length of the gradient, rotated by at most the largest angle.
func TestRandomRotate(t *testing.T) {
	highest, lowest := 0.0, 0.0
	for _, image := range augment(t, layers.RandomRotate{Degrees: 30}, 500, 9, 9, func(y, x int) float64 { return 10 + float64(x) }) {
		at := func(y, x int) float64 { return image[9*(4+y)+4+x] }
		dx, dy := (at(0, 2)-at(0, -2))/4, (at(2, 0)-at(-2, 0))/4
		require.InDelta(t, 1, math.Hypot(dx, dy), 1e-12)
		angle := math.Atan2(dy, dx) * 180 / math.Pi
		highest, lowest = max(highest, angle), min(lowest, angle)
		for i := range 25 {
			y, x := i/5-2, i%5-2
			require.InDelta(t, 14+dx*float64(x)+dy*float64(y), at(y, x), 1e-12)
		}
	}
	require.InDelta(t, 30, highest, 1)
	require.InDelta(t, -30, lowest, 1)
	require.LessOrEqual(t, max(highest, -lowest), 30+1e-9)
}

// TestRandomFlip: about half of the images are mirrored.
func TestRandomFlip(t *testing.T) {
	for vertical, mirror := range map[bool][]float64{false: {2, 1, 0, 5, 4, 3}, true: {3, 4, 5, 0, 1, 2}} {
		mirrored := 0
		for _, image := range augment(t, layers.RandomFlip{Vertical: vertical}, 400, 2, 3, func(y, x int) float64 { return float64(3*y + x) }) {
			require.Contains(t, [][]float64{{0, 1, 2, 3, 4, 5}, mirror}, image)
			if image[0] != 0 {
				mirrored++
			}
		}
		require.InDelta(t, 200, mirrored, 50)
	}
}

// TestRandomErase: one rectangle with an area and a ratio in range is erased, in the given fraction of the images.
func TestRandomErase(t *testing.T) {
	const n, side = 400, 40
	erased := 0
	areas := 0.0
	for _, image := range augmentOne(t, layers.RandomErase{Rate: 0.75, MinArea: 0.05, MaxArea: 0.2, Fill: -1}, n, side) {
		count, top, bottom, left, right := 0, side, -1, side, -1
		for i, v := range image {
			if v == -1 {
				count++
				top, bottom = min(top, i/side), max(bottom, i/side)
				left, right = min(left, i%side), max(right, i%side)
			}
		}
		if count == 0 {
			continue
		}
		erased++
		height, width := bottom-top+1, right-left+1
		require.Equal(t, height*width, count)
		fraction := float64(count) / (side * side)
		require.True(t, 0.04 < fraction && fraction < 0.22, fraction)
		require.InDelta(t, 0, math.Log(float64(height)/float64(width)), -math.Log(0.3)+0.15)
		areas += fraction
	}
	require.InDelta(t, 0.75*n, erased, 40)
	require.InDelta(t, 0.125, areas/float64(erased), 0.01)
}

// augmentOne applies a layer, in training, to n images, (height, width), whose pixels are 0.
func augmentOne(t *testing.T, l graph.Layer, n, side int) (images [][]float64) {
	t.Helper()
	y, shape := outputOf(t, layers.Sequential{layers.Lambda(func(x graph.Node) graph.Node { return x.Scale(0) }), l}, true, n, side, side)
	require.Equal(t, []int{n, side, side}, shape)
	return slices.Collect(slices.Chunk(y, side*side))
}

// TestNoAugmentationInInference: the layers return their input in inference.
func TestNoAugmentationInInference(t *testing.T) {
	for _, l := range []graph.Layer{
		layers.RandomShift{Fraction: 0.5}, layers.RandomRotate{Degrees: 90}, layers.RandomFlip{}, layers.RandomErase{Rate: 1},
		layers.RandomColor{Brightness: 1}, layers.RandomZoom{Factor: 3}, layers.RandomCrop{Height: 3, Width: 2},
	} {
		t.Run(fmt.Sprintf("%T", l), func(t *testing.T) {
			got, _ := outputOf(t, l, false, 2, 3, 2)
			require.Equal(t, []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, got)
		})
	}
}

func btof(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
