package losses_test

import (
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings/settingstest"
	"github.com/nndiy/nndiy/losses"
)

// TestWrongNumbers: NaN, infinities and negative numbers in the fields of losses are errors of Compile.
func TestWrongNumbers(t *testing.T) {
	settingstest.Wrong(t, []graph.Loss{
		losses.BinaryCrossEntropy{FromLogits: true, PosWeight: []float64{3}}, losses.SparseBinaryCrossEntropy{FromLogits: true, PosWeight: []float64{3}},
		losses.BinaryFocal{FromLogits: true}, losses.CategoricalCrossEntropy{FromLogits: true}, losses.SparseCategoricalCrossEntropy{FromLogits: true},
		losses.KLDivergence{FromLogits: true}, losses.CategoricalFocal{FromLogits: true, Alpha: []float64{1, 2, 3, 4}},
		losses.SparseCategoricalFocal{FromLogits: true, Alpha: []float64{1, 2, 3, 4}}, losses.SupervisedContrastive{}, losses.GaussianNLL{},
		losses.Tversky{FromLogits: true}, losses.Dice{FromLogits: true}, losses.Huber{}, losses.Quantile{}, losses.Triplet{},
		losses.InfoNCE{}, losses.NTXent{}, losses.MarginRanking{}, losses.CosineEmbedding{},
	}, func(l graph.Loss) error {
		pred, target := []int{2, 4}, []int{2, 4}
		switch l.(type) {
		case losses.InfoNCE, losses.NTXent, losses.CosineEmbedding:
			pred = []int{2, 2, 4}
		case losses.MarginRanking, losses.GaussianNLL:
			pred = []int{2, 2}
		}
		if s, ok := l.(graph.TargetShaper); ok {
			target = s.TargetShape(pred)
		}
		_, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node { return []graph.Node{l.Loss(x[0], x[1])} }, pred, target)
		return err
	}, map[string]string{
		"CosineEmbedding.Margin":               "from -1 to 1",
		"SparseBinaryCrossEntropy.Ignore":      "-100 is usual",
		"SparseCategoricalCrossEntropy.Ignore": "-100 is usual",
		"SparseCategoricalFocal.Ignore":        "-100 is usual",
	})
}
