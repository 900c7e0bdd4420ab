package losses

import "github.com/nndiy/nndiy/graph"

var _ = []graph.SampleLoss{
	BinaryCrossEntropy{}, SparseBinaryCrossEntropy{}, BinaryFocal{}, CategoricalCrossEntropy{}, SparseCategoricalCrossEntropy{},
	CategoricalFocal{}, SparseCategoricalFocal{}, KLDivergence{}, CosineSimilarity{}, Hinge{}, SquaredHinge{}, CategoricalHinge{},
	MeanSquaredError{}, MeanAbsoluteError{}, Huber{}, LogCosh{}, Poisson{}, Quantile{}, MeanSquaredLogarithmicError{},
	Tversky{}, Dice{}, GaussianNLL{}, MarginRanking{}, CosineEmbedding{},
}

// Every loss, except RootMeanSquaredError and those that compare the samples of a batch, is the mean of its terms: one for each
// element of the prediction, or one for each vector along the last axis. All samples have the same number of terms, so the mean of PerSample is Loss.

// perSample returns the mean of the terms of each sample, (batch).
func perSample(terms graph.Node) graph.Node {
	if terms.Err() == nil && terms.Rank() == 0 {
		return terms.Errorf("got a prediction of rank 1, want (batch, ..., elements)")
	}
	return terms.Reshape(terms.Dim(0), -1).Mean(1)
}
