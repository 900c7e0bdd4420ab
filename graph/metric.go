package graph

// A Metric scores predictions, for people to read; its name appears in the logs.
type Metric interface {
	Name() string
	Score(pred, target *Tensor) float64
}

// A MeanMetric is a Metric whose score of a set is the mean of the scores of its rows. It is computed batch by batch; any
// other metric is given all predictions of the set at once.
type MeanMetric interface {
	Metric
	RowMean()
}

// A MetricChecker is a Metric that can tell that it does not fit the shapes, the batch in front.
type MetricChecker interface {
	Metric
	Check(pred, target []int) error
}
