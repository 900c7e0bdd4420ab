package plane

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/experiments/playground/internal/panes"
	"github.com/nndiy/nndiy/graph"
)

// The shown part of the plane is the square from -extent to extent. The picture of the decision and the maps of neurons are
// squares of that many points.
const (
	extent   = 1.2
	side     = 64
	mapSide  = 24
	binCount = 41
)

// grid returns the points of a square, row by row from the top.
func grid(side int) *graph.Tensor {
	var x []float32
	at := func(i int) float32 { return float32(extent * (2*(float64(i)+0.5)/float64(side) - 1)) }
	for row := range side {
		for column := range side {
			x = append(x, at(column), -at(row))
		}
	}
	return tensor.New(tensor.WithShape(side*side, 2), tensor.WithBacking(x))
}

// A racerFrame is what the page shows of a network, besides the arrays.
type racerFrame struct {
	Step     int     `json:"step"`
	Epoch    int     `json:"epoch"`
	Loss     float32 `json:"loss"`
	Valid    float32 `json:"valid"`
	Accuracy float64 `json:"accuracy"`
	Widest   float64 `json:"widest"` // of the histogram: it goes from -Widest to Widest
	Hash     string  `json:"hash"`
}

// frame adds the arrays of a network to a reply, with names that begin with prefix.
func (r *racer) frame(arrays map[string][]float32, prefix string, decision, maps *graph.Tensor, hiddenLayers int) (racerFrame, error) {
	ctx := context.Background()
	p, err := r.model.Predict(ctx, decision)
	if err != nil {
		return racerFrame{}, err
	}
	picture := make([]float32, side*side)
	for i := range picture {
		picture[i] = p.Float32s()[2*i+1]
	}
	arrays[prefix+"decision"] = picture
	out, err := r.view.PredictAll(ctx, map[string]*graph.Tensor{graph.MainInput: maps})
	if err != nil {
		return racerFrame{}, err
	}
	for i := range hiddenLayers {
		arrays[fmt.Sprintf("%smaps%d", prefix, i)] = transposed(out[hidden(i)])
	}
	weights := r.model.Weights()
	counts, widest := histogram(weights)
	arrays[prefix+"histogram"] = counts
	for i := range hiddenLayers + 1 {
		arrays[fmt.Sprintf("%sweights%d", prefix, i)] = weights[fmt.Sprintf("dense%d/weight", i+1)].Float32s()
	}
	c := r.curves
	arrays[prefix+"train"], arrays[prefix+"valid"] = c.train, c.valid
	return racerFrame{
		Step: r.step, Epoch: r.epoch, Loss: c.train[len(c.train)-1], Valid: c.valid[len(c.valid)-1], Accuracy: c.accuracy,
		Widest: widest, Hash: panes.Hash(weights),
	}, nil
}

// transposed returns the elements of a matrix, column by column.
func transposed(t *graph.Tensor) []float32 {
	rows, columns := t.Shape()[0], t.Shape()[1]
	x, y := t.Float32s(), make([]float32, rows*columns)
	for i := range rows {
		for j := range columns {
			y[j*rows+i] = x[i*columns+j]
		}
	}
	return y
}

// histogram counts the weights, without the biases, in equal parts of the interval from -widest to widest.
func histogram(w graph.Weights) (counts []float32, widest float64) {
	var all []float32
	for _, name := range slices.Sorted(maps.Keys(w)) {
		if w[name].Dims() == 2 {
			all = append(all, w[name].Float32s()...)
		}
	}
	for _, v := range all {
		widest = max(widest, math.Abs(float64(v)))
	}
	widest = max(widest, 1e-3)
	counts = make([]float32, binCount)
	for _, v := range all {
		at := int((float64(v)/widest + 1) / 2 * binCount)
		counts[min(at, binCount-1)]++
	}
	return counts, widest
}
