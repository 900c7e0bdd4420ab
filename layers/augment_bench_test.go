package layers_test

import (
	"context"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// BenchmarkAugment changes a batch of images in training.
func BenchmarkAugment(b *testing.B) {
	for name, l := range map[string]graph.Layer{
		"shift": layers.RandomShift{Pixels: []int{2}}, "rotate": layers.RandomRotate{Degrees: 15}, "flip": layers.RandomFlip{},
		"erase": layers.RandomErase{}, "identity": layers.Lambda(func(x graph.Node) graph.Node { return x.Scale(2) }),
	} {
		b.Run(name, func(b *testing.B) {
			f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
				return []graph.Node{s.TrainingMode(true).Apply(l, x[0])}
			}, []int{128, 1, 28, 28})
			if err != nil {
				b.Fatal(err)
			}
			x := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(128, 1, 28, 28))
			for b.Loop() {
				if _, err := f.Call(context.Background(), x); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
