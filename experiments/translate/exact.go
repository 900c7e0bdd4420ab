package main

import "github.com/nndiy/nndiy/graph"

// Exact is the fraction of the samples whose characters are all right: predictions are (batch, characters, classes), and targets the
// numbers of the classes, (batch, characters).
type Exact struct{}

func init() { graph.Register("", Exact{}) }

var (
	_ graph.MeanMetric     = Exact{}
	_ graph.DirectedMetric = Exact{}
)

// Name implements graph.Metric.
func (Exact) Name() string { return "exact" }

// RowMean implements graph.MeanMetric.
func (Exact) RowMean() {}

// LargerIsBetter implements graph.DirectedMetric.
func (Exact) LargerIsBetter() bool { return true }

// Score implements graph.Metric.
func (Exact) Score(pred, target *graph.Tensor) float64 {
	guess, truth, length := choose(pred), target.Float32s(), pred.Shape()[1]
	rows, right := pred.Shape()[0], 0
	for r := range rows {
		equal := true
		for i := r * length; i < (r+1)*length; i++ {
			equal = equal && guess[i] == int(truth[i])
		}
		if equal {
			right++
		}
	}
	return float64(right) / float64(rows)
}

// choose returns the class with the highest probability for each character, of probabilities (batch, characters, classes).
func choose(pred *graph.Tensor) []int {
	p, classes := pred.Float32s(), pred.Shape()[2]
	chosen := make([]int, len(p)/classes)
	for i := range chosen {
		row := p[i*classes : (i+1)*classes]
		for c, v := range row {
			if v > row[chosen[i]] {
				chosen[i] = c
			}
		}
	}
	return chosen
}
