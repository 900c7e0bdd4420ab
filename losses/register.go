package losses

import "github.com/nndiy/nndiy/graph"

// Model files name these losses.
func init() {
	for _, v := range []graph.Loss{
		BinaryCrossEntropy{}, BinaryFocal{}, CategoricalCrossEntropy{}, CategoricalFocal{}, CategoricalHinge{},
		CosineSimilarity{}, Dice{}, Hinge{}, Huber{}, KLDivergence{}, LogCosh{}, MeanAbsoluteError{}, MeanSquaredError{},
		MeanSquaredLogarithmicError{}, Poisson{}, Quantile{}, RootMeanSquaredError{}, SparseBinaryCrossEntropy{},
		SparseCategoricalCrossEntropy{}, SparseCategoricalFocal{}, SquaredHinge{}, Tversky{},
	} {
		graph.Register("", v)
	}
}
