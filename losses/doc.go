// Package losses holds the losses that training minimizes. A loss is an expression of the prediction and the target: a
// scalar, the mean over the batch. No loss has a backward pass. Every loss also returns the loss of each sample, so that samples
// and classes can have weights (see graph.SampleLoss), except RootMeanSquaredError and the losses that compare samples.
//
//   - For numbers: MeanSquaredError, MeanAbsoluteError, RootMeanSquaredError, Huber, LogCosh, Quantile, Poisson,
//     MeanSquaredLogarithmicError, CosineSimilarity.
//   - For classes: CategoricalCrossEntropy, KLDivergence, CategoricalFocal, CategoricalHinge.
//   - For a distribution of numbers: GaussianNLL.
//   - For vectors that stand for samples, compared within the batch: Triplet, SupervisedContrastive, and without targets InfoNCE
//     and NTXent. For pairs: CosineEmbedding, MarginRanking.
//   - For a yes or no in each element: BinaryCrossEntropy, BinaryFocal, Hinge, SquaredHinge, Dice, Tversky.
//
// The Sparse losses take class numbers as targets instead of one-hot vectors, and leave out those in Ignore.
//
// For a prediction with a mask, (batch, time, ...), see graph.Node.Mask, the loss of a model is the mean over the steps that are
// valid: the sum of their losses divided by their number. RootMeanSquaredError, Tversky and Dice leave padding out of their sums.
// What a target has in the padding does not matter. The methods Loss and PerSample of the other losses do not read masks: it is
// Compile that gives them the valid steps.
//
// If the network ends in Sigmoid or Softmax, the cross-entropies are computed from the input of that operation, the logits,
// in a numerically stable form. For a network that ends in logits, set FromLogits.
//
// An end of the network that does not fit the loss is an error of Compile (TestEnds has the table): an output that cannot be a
// probability, Sigmoid for classes that exclude each other, Softmax of one unit, Softmax after Softmax, Dropout after the final
// activation. An end of which nothing is known is accepted. Targets outside the loss's range, probabilities that do not sum to 1
// and hinge targets other than -1 and 1 are errors of the first batch.
//
// # To add a loss
//
// For a loss of your own, write a struct with a Loss method over node operations that returns a scalar, and PerSample if it
// is a mean over samples; graph.TargetShaper, graph.TargetFreeLoss, graph.TargetRanger, graph.TargetChecker, graph.LossChecker and
// graph.LogitLoss are optional. There is no backward pass. Call graph.Register for it if models with it are saved to files, and test its
// derivative with graphtest.Loss.
//
// A loss of this package also needs a line in register.go, one in sample.go, and rows in these tables: gradients and samples
// in gradient_test.go, wrong settings in losses_test.go, ends of the network in end_test.go. Values are compared with PyTorch's: a
// line of testdata/pytorch.py and of golden_test.go, or values computed by hand in sample_test.go. A loss is not part of an ONNX
// file.
package losses
