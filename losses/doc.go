// Package losses holds what training minimizes: each loss is an expression of the prediction and the target, a scalar, the
// mean over the batch. None has a backward pass. All but RootMeanSquaredError tell the loss of each sample, too, so that
// samples and classes can have weights (see graph.SampleLoss).
//
//   - Of numbers: MeanSquaredError, MeanAbsoluteError, RootMeanSquaredError, Huber, LogCosh, Quantile, Poisson,
//     MeanSquaredLogarithmicError, CosineSimilarity.
//   - Of classes: CategoricalCrossEntropy, KLDivergence, CategoricalFocal, CategoricalHinge.
//   - Of a yes or a no for each element: BinaryCrossEntropy, BinaryFocal, Hinge, SquaredHinge, Dice, Tversky.
//
// Sparse forms are for targets that are class numbers.
//
// Cross-entropies of a network that ends in Sigmoid or Softmax are computed from what goes into that operation, the logits,
// in a form that is stable for any of them. A network that ends before it, in logits, sets FromLogits. One whose output
// can't be a probability is an error when the model is compiled.
package losses
