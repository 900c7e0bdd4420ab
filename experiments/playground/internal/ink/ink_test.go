package ink

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// seven is a 7 on a sheet of 300×300.
var seven = []Stroke{{{50, 40}, {200, 40}, {110, 260}}}

// extent returns the first and last row and column with ink.
func extent(image []float32) (top, bottom, left, right int) {
	top, left, bottom, right = side, side, -1, -1
	for i, v := range image {
		if v > 0 {
			top, bottom = min(top, i/side), max(bottom, i/side)
			left, right = min(left, i%side), max(right, i%side)
		}
	}
	return top, bottom, left, right
}

func TestImage(t *testing.T) {
	image, err := Image(seven)
	require.NoError(t, err)
	top, bottom, left, right := extent(image)
	assert.InDelta(t, box, bottom-top+1, 1.01, "the larger side is 20 pixels, and partly covered pixels")
	assert.Less(t, right-left, bottom-top, "the proportions are kept")
	mass := centreOfMass(image)
	assert.InDelta(t, 14, mass.X, 0.05)
	assert.InDelta(t, 14, mass.Y, 0.05)
	grey := 0
	for _, v := range image {
		require.True(t, v >= 0 && v <= 1, "got %v", v)
		if v > 0 && v < 1 {
			grey++
		}
	}
	assert.Greater(t, grey, 20, "edges are anti-aliased")
}

// The image does not depend on where and how large someone draws, nor on how many points the pen reports.
func TestInvariant(t *testing.T) {
	want, err := Image(seven)
	require.NoError(t, err)
	var moved, fine Stroke
	for i, p := range seven[0] {
		moved = append(moved, Point{p.X/7 - 1000, p.Y/7 + 3})
		for k := 1; i > 0 && k <= 8; k++ {
			a, f := seven[0][i-1], float64(k)/8
			fine = append(fine, Point{a.X + f*(p.X-a.X), a.Y + f*(p.Y-a.Y)})
		}
	}
	fine = append(Stroke{seven[0][0]}, fine...)
	for name, s := range map[string]Stroke{"moved": moved, "fine": fine} {
		got, err := Image([]Stroke{s})
		require.NoError(t, err)
		assert.InDeltaSlice(t, want, got, 1e-5, name)
	}
}

// A digit whose ink lies at one side is not cut off: all of its ink is there.
func TestWhole(t *testing.T) {
	s := []Stroke{{{0, 0}, {0, 100}}, {{0, 100}, {1, 100}, {0, 99}, {1, 99}}, {{0, 100}, {100, 100}}}
	for range 30 {
		s = append(s, Stroke{{0, 100}, {0, 99}})
	}
	image, err := Image(s)
	require.NoError(t, err)
	top, bottom, left, right := extent(image)
	assert.InDelta(t, box, bottom-top+1, 1.01)
	assert.InDelta(t, box, right-left+1, 1.01)
}

func TestDots(t *testing.T) {
	image, err := Image(nil)
	require.NoError(t, err)
	assert.Equal(t, make([]float32, side*side), image)
	image, err = Image([]Stroke{{}, {{5, 5}}})
	require.NoError(t, err)
	assert.InDelta(t, 1, image[14*side+14], 0.01)
	top, bottom, _, _ := extent(image)
	assert.InDelta(t, 2*pen, bottom-top+1, 2)
}

func TestErrors(t *testing.T) {
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300} {
		_, err := Image([]Stroke{{{1, 2}}, {{1, 2}, {3, v}}})
		assert.ErrorContains(t, err, "ink: Image: stroke 1, point 1: got (3, ")
	}
	_, err := Image([]Stroke{make(Stroke, most+1)})
	assert.EqualError(t, err, "ink: Image: got 65537 points, want at most 65536")
}
