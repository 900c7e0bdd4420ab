package layers

import (
	"math"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// RandomErase fills a random rectangle in some of the images (Zhong et al. 2017). In inference it does nothing. The
// rectangle's area, as a fraction of the image's, is uniform from MinArea to MaxArea; the logarithm of its height/width is
// uniform from log(Ratio) to -log(Ratio); a side longer than the image's is shortened to it. The input is (batch, channels,
// height, width) or (batch, height, width), and keeps its shape.
type RandomErase struct {
	Rate    float64 // probability that an image is erased, at most 1; 0 means 0.5
	MinArea float64 // smallest area as a fraction of the image, at most MaxArea; 0 means 0.02
	MaxArea float64 // largest area as a fraction of the image, at most 1; 0 means 0.4
	Ratio   float64 // smallest height/width, greater than 0 and at most 1; 0 means 0.3
	Fill    float64 // value of the erased pixels
}

// Emit implements graph.Layer.
func (r RandomErase) Emit(s *graph.Scope, x graph.Node) graph.Node {
	rate, ratio := settings.Positive("Rate", r.Rate, 1).OrZero(0.5), settings.Positive("Ratio", r.Ratio, 1).OrZero(0.3)
	high := settings.Positive("MaxArea", r.MaxArea, 1).OrZero(0.4)
	low := settings.Or(r.MinArea, 0.02)
	x = checked(x, rate, ratio, high, settings.Positive("MinArea", low, high.Value), settings.Finite("Fill", r.Fill))
	return augmented(s, x, func(x graph.Node) graph.Node {
		area := uniform(s, x, low, high.Value).Scale(float64(x.Dim(2) * x.Dim(3)))
		ratio := uniform(s, x, math.Log(ratio.Value), -math.Log(ratio.Value)).Exp()
		n := x.Dim(0)
		rows := within(s, x, area.Mul(ratio).Sqrt(), x.Dim(2)).Reshape(n, 1, -1, 1)
		cols := within(s, x, area.Div(ratio).Sqrt(), x.Dim(3)).Reshape(n, 1, 1, -1)
		erased := rows.Mul(s.Noise(graph.Noise{Keep: rate.Value}, n, 1, 1, 1)).Mul(cols)
		return x.Mul(erased.Neg().Shift(1)).Add(erased.Scale(r.Fill))
	})
}

// within places a segment of the given length, (batch, 1), at random in a row of n pixels, and returns for each pixel whether
// its center is in the segment: 1 or 0, (batch, n).
func within(s *graph.Scope, x, length graph.Node, n int) graph.Node {
	centers := make([]float64, n)
	for i := range centers {
		centers[i] = float64(i) + 0.5
	}
	at := s.Constant(tensor.New(tensor.WithShape(1, n), tensor.WithBacking(centers)))
	length = length.Clip(0, float64(n))
	from := uniform(s, x, 0, 1).Mul(length.Neg().Shift(float64(n)))
	return at.Greater(from).Mul(from.Add(length).Greater(at))
}
