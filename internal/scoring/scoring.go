// Package scoring gives package metrics access to a function that package graph does not export, as graph/internal/friend does for
// the packages below graph. Package graph sets the variable when it is initialized. The function's type contains types of graph,
// which this package cannot import, so the caller uses a type assertion.
package scoring

// Scorer returns a function that scores the main output of a model with a metric, which need not be one of the model's. The score of
// a model that has a loss is the one that Evaluate gives if Compile gets the metric, and what Compile refuses is an error. larger
// reports whether a larger score is better; it is true for a metric that does not say so:
//
//	func(m *graph.Model, metric graph.Metric) (score func(ctx context.Context, x, y *graph.Tensor) (float64, error), larger bool, err error)
var Scorer any
