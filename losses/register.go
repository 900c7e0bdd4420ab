package losses

import "github.com/nndiy/nndiy/graph"

// Model files name these losses.
func init() {
	for _, v := range []graph.Loss{
		BinaryCrossEntropy{}, BinaryFocal{}, CategoricalCrossEntropy{}, CategoricalFocal{}, CategoricalHinge{},
		CosineEmbedding{}, CosineSimilarity{}, Dice{}, GaussianNLL{}, Hinge{}, Huber{}, InfoNCE{}, KLDivergence{}, LogCosh{}, MarginRanking{}, MeanAbsoluteError{}, MeanSquaredError{},
		MeanSquaredLogarithmicError{}, NTXent{}, Poisson{}, Quantile{}, RootMeanSquaredError{}, SparseBinaryCrossEntropy{},
		SparseCategoricalCrossEntropy{}, SparseCategoricalFocal{}, SquaredHinge{}, SupervisedContrastive{}, Triplet{}, Tversky{},
	} {
		graph.Register("", v)
	}
}
