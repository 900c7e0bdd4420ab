package graph

// A Metric scores predictions for people to read; it is not trained on. Name is its name in the logs, such as "accuracy".
// Score returns the score of predictions, both tensors with the batch in front.
type Metric interface {
	Name() string
	Score(pred, target *Tensor) float64
}

// A MeanMetric is a Metric whose score of a set is the mean of the scores of its rows, so Score is called batch by batch.
// For any other metric Score is called once, with all predictions of the set. RowMean does nothing; it marks the type.
type MeanMetric interface {
	Metric
	RowMean()
}

// A MetricChecker is a Metric that checks the shapes of predictions and targets, with the batch in front: Check returns an
// error if the metric cannot take them. Compile calls it.
type MetricChecker interface {
	Metric
	Check(pred, target []int) error
}
