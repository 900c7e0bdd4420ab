package losses_test

import (
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings/settingstest"
	"github.com/nndiy/nndiy/losses"
)

// TestZero calls each method of the zero value of each exported struct.
func TestZero(t *testing.T) {
	settingstest.Zero(t, []any{
		&losses.BinaryCrossEntropy{}, &losses.BinaryFocal{}, &losses.CategoricalCrossEntropy{}, &losses.CategoricalFocal{},
		&losses.CategoricalHinge{}, &losses.CosineEmbedding{}, &losses.CosineSimilarity{}, &losses.Dice{}, &losses.GaussianNLL{},
		&losses.Hinge{}, &losses.Huber{}, &losses.InfoNCE{}, &losses.KLDivergence{}, &losses.LogCosh{}, &losses.MarginRanking{},
		&losses.MeanAbsoluteError{}, &losses.MeanSquaredError{}, &losses.MeanSquaredLogarithmicError{}, &losses.NTXent{},
		&losses.Poisson{}, &losses.Quantile{}, &losses.RootMeanSquaredError{}, &losses.SparseBinaryCrossEntropy{},
		&losses.SparseCategoricalCrossEntropy{}, &losses.SparseCategoricalFocal{}, &losses.SquaredHinge{},
		&losses.SupervisedContrastive{}, &losses.Triplet{}, &losses.Tversky{},
	}, []any{&graph.Scope{}, []int{2, 3}})
}
