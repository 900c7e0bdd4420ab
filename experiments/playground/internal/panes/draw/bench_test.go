package draw

import (
	"encoding/json"
	"os"
	"testing"
)

// BenchmarkStep is a step of the dense network, 784-128-10, at batch 32, as the page trains it.
func BenchmarkStep(b *testing.B) {
	for _, network := range []string{"dense", "conv"} {
		b.Run(network, func(b *testing.B) {
			p := New()
			digits, err := os.ReadFile(data + "digits.gz")
			if err != nil {
				b.Fatal(err)
			}
			weights, err := os.ReadFile(data + "classifier.safetensors")
			if err != nil {
				b.Fatal(err)
			}
			files, err := json.Marshal(map[string]any{"digits": digits, "weights": weights, "network": network})
			if err != nil {
				b.Fatal(err)
			}
			for _, op := range []string{"load", "set"} {
				if _, err := p.Handle(op, files); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				if err := p.train.Step(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "steps/s")
		})
	}
}
