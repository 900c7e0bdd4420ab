package draw

import (
	"testing"

	"github.com/nndiy/nndiy/experiments/playground/internal/panes/panestest"
)

// BenchmarkStep is a step at batch 32, as the page trains it; dense is 784-128-10.
func BenchmarkStep(b *testing.B) {
	for _, network := range []string{"dense", "conv"} {
		b.Run(network, func(b *testing.B) {
			p := loaded(b)
			panestest.Ask(b, p, "set", map[string]any{"network": network})
			for b.Loop() {
				if err := p.Train.Step(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "steps/s")
		})
	}
}
