package metrics

import (
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/stretchr/testify/assert"
)

// TestDirection: the right predictions have a better score than wrong ones, in the direction that the metric names.
func TestDirection(t *testing.T) {
	target := dense([]float64{1, 0, 1, 0})
	right, wrong := dense([]float64{0.9, 0.1, 0.8, 0.2}), dense([]float64{0.9, 0.6, 0.4, 0.2})
	rows := func(p *graph.Tensor) *graph.Tensor {
		var list []float64
		for _, v := range p.Data().([]float64) {
			list = append(list, 1-v, v)
		}
		return dense(list, 4, 2)
	}
	for name, m := range scorers() {
		t.Run(name, func(t *testing.T) {
			d, ok := m.(graph.DirectedMetric)
			if !assert.True(t, ok, "no direction") {
				return
			}
			good, bad := m.Score(right, target), m.Score(wrong, target)
			if _, checks := m.(graph.MetricChecker); checks && m.(graph.MetricChecker).Check(right.Shape(), target.Shape()) != nil {
				if m.(graph.MetricChecker).Check([]int{4, 2}, target.Shape()) != nil {
					t.Skip("it needs more classes")
				}
				good, bad = m.Score(rows(right), target), m.Score(rows(wrong), target)
			}
			if good == bad { // the top two of two
				t.Skip("all predictions have one score")
			}
			assert.Equal(t, good > bad, d.LargerIsBetter(), "right: %v, wrong: %v", good, bad)
		})
	}
}
