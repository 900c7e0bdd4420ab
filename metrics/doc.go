// Package metrics scores predictions against targets. List metrics in graph.Config.Metrics, and their scores appear in the logs
// under their names, such as train_accuracy; or call Score directly on any two tensors.
//
//   - For classes: Accuracy, BinaryAccuracy, TopK, Precision, Recall, F1, Specificity, Jaccard, MatthewsCorrelation, AUC, and
//     the function ConfusionMatrix, which returns a table. Recall{Average: Macro} is also called balanced accuracy.
//   - For probabilities of classes: LogLoss, BrierScore, CalibrationError, and AveragePrecision beside AUC. The functions ROC,
//     PrecisionRecall and Calibration return curves, BestThreshold and Temperature what to set after training, ConfusionMatrixAt a
//     table at a threshold, whose method Report has the scores of each class.
//   - For numbers: MeanSquaredError, RootMeanSquaredError, MeanAbsoluteError, MeanAbsolutePercentageError, R2, Pearson.
//   - For images: PSNR, SSIM.
//   - PermutationImportance shows which columns a model uses; graph.Model.Saliency does so for the elements of one sample.
//   - Named gives any metric another name in the logs, so that two of one type, with different settings, can be listed.
//
// Predictions of classes have the shape (n,k), with a score for each of k classes, or (n) or (n,1), with the probability of
// class 1 of two. Targets are class numbers from 0, of shape (n) or (n,1); for predictions (n,k) they may also be rows of k
// numbers of 0 or more that sum to 1, such as one-hot rows. The class of a row is its largest element, the first one of equals.
// Predictions of more dimensions, such as (n,t,k), are n·t rows. Elements may be float32, float64 or integers.
//
// Of predictions with a mask, (batch, time, ...), see graph.Node.Mask, metrics get the steps that are valid, each as a row. The same
// holds for classes that a loss ignores.
//
// Nothing is silently wrong. Check, which graph.Compile calls, returns an error for shapes that do not fit, and for a Threshold
// where there are more than two classes. Targets that are not classes are an error of Fit and Evaluate; Score alone returns NaN
// for them and for shapes that do not fit, and Explain the error. A prediction of NaN, or a row that contains a NaN, counts as
// wrong. An undefined score is NaN without an error; the comment of each metric says when that happens.
//
// A Threshold is a probability of class 1: for predictions (n,2) of their second column, as precision_score(y, p[:,1] > t) in
// scikit-learn. With FromLogits it is the probability that a sigmoid of the logit, or a softmax of the two logits, has.
//
// Beside a loss of logits, such as BinaryCrossEntropy{FromLogits: true}, a metric gets the probabilities that the logits stand for
// wherever that matters to its score, unless its own FromLogits is set. Compile refuses FromLogits for a network that ends in
// probabilities.
//
// # To add a metric
//
// A metric of your own is a type with the two methods of graph.Metric: Name, used in the logs, and Score. Five more are
// optional: LargerIsBetter (graph.DirectedMetric) lets callbacks find the best epoch, Check (graph.MetricChecker) lets Compile
// refuse shapes, Validate (graph.Validator) lets it refuse settings, Explain (graph.MetricExplainer) makes a NaN an error, and
// RowMean (graph.MeanMetric) marks a score that is the mean over the rows, so that it is computed batch by batch without
// keeping all predictions. A metric around another one, such as that of Named, has the method Unwrap instead of these
// (graph.MetricWrapper). Call graph.Register in an init function so that a model file can name the type.
//
// A metric of this package also has its row in register.go, rows with known scores in TestByHand, and one in scorers, which is
// compared with scikit-learn.
package metrics
