// Package metrics scores predictions against targets. A metric is a value to put into graph.Config.Metrics; its score appears in
// the logs under its name. Score may be called directly as well, on any two tensors.
//
//   - Of classes: Accuracy, BinaryAccuracy, TopK, Precision, Recall, F1, Specificity, Jaccard, MatthewsCorrelation, AUC, and
//     ConfusionMatrix, which is a function that gives a table. Recall{Average: Macro} is also called the balanced accuracy.
//   - Of numbers: MeanSquaredError, RootMeanSquaredError, MeanAbsoluteError, R2.
//
// Predictions of classes have the shape (n,k), a score for each of k classes, or (n,1) or (n), the probability of class 1 of two.
// Targets are class numbers, of shape (n) or (n,1), or, for (n,k), rows of k numbers that add up to 1, such as one-hot rows; the
// class is then the largest of them. More dimensions before the last, (n,t,k) say, are more rows. The largest of a row of
// predictions is its class, the first one if several are the largest. Tensors may be of float32, float64 or integers.
//
// Nothing is silently wrong. Shapes that do not fit are an error of Check, which graph.Compile calls; Score gives NaN for them.
// It gives NaN for targets that are not classes, too. A prediction that is NaN, or is in a row with a NaN, is never right. A
// score that is undefined is NaN; each metric says when that is.
package metrics
