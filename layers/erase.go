package layers

import (
	"math"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// RandomErase fills a rectangle of some images, anywhere inside of them, in training (Zhong et al. 2017); in inference it
// does nothing. Its share of the area is uniform between Least and Most, the logarithm of height/width uniform between
// log(Ratio) and log(1/Ratio); a side that would be longer than the image's is as long. Images are
// (batch, channels, height, width) or (batch, height, width).
type RandomErase struct {
	Rate  float64 // probability of an image to have one; 0 is 1/2
	Least float64 // share of the area; 0 is 0.02
	Most  float64 // share of the area, at most 1; 0 is 0.4
	Ratio float64 // more than 0 and at most 1; 0 is 0.3
	Fill  float64 // of the rectangle
}

// Emit implements graph.Layer.
func (r RandomErase) Emit(s *graph.Scope, x graph.Node) graph.Node {
	rate, ratio := settings.Positive("Rate", r.Rate, 1).OrZero(0.5), settings.Positive("Ratio", r.Ratio, 1).OrZero(0.3)
	most := settings.Positive("Most", r.Most, 1).OrZero(0.4)
	least := settings.Or(r.Least, 0.02)
	x = checked(x, rate, ratio, most, settings.Positive("Least", least, most.Value), settings.Finite("Fill", r.Fill))
	return augmented(s, x, func(x graph.Node) graph.Node {
		area := uniform(s, x, least, most.Value).Scale(float64(x.Dim(2) * x.Dim(3)))
		ratio := uniform(s, x, math.Log(ratio.Value), -math.Log(ratio.Value)).Exp()
		n := x.Dim(0)
		rows := within(s, x, area.Mul(ratio).Sqrt(), x.Dim(2)).Reshape(n, 1, -1, 1)
		cols := within(s, x, area.Div(ratio).Sqrt(), x.Dim(3)).Reshape(n, 1, 1, -1)
		erased := rows.Mul(s.Noise(graph.Noise{Keep: rate.Value}, n, 1, 1, 1)).Mul(cols)
		return x.Mul(erased.Neg().Shift(1)).Add(erased.Scale(r.Fill))
	})
}

// within returns which of n elements in a row have their middle in a piece of the given length, (batch, 1), laid anywhere:
// 1 or 0, (batch, n).
func within(s *graph.Scope, x, length graph.Node, n int) graph.Node {
	middles := make([]float64, n)
	for i := range middles {
		middles[i] = float64(i) + 0.5
	}
	at := s.Constant(tensor.New(tensor.WithShape(1, n), tensor.WithBacking(middles)))
	length = length.Clip(0, float64(n))
	from := uniform(s, x, 0, 1).Mul(length.Neg().Shift(float64(n)))
	return at.Greater(from).Mul(from.Add(length).Greater(at))
}
