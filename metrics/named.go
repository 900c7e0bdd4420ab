package metrics

import "github.com/nndiy/nndiy/graph"

// Named returns a metric with another name in the logs, for two metrics of one type, or for a metric of your own whose name
// another log has:
//
//	metrics.Named("f1_low", metrics.F1{Threshold: 0.3}) // train_f1_low and valid_f1_low
//
// It does all else that the metric does. graph.Compile refuses an empty name, and a name that the logs have already.
func Named(name string, m graph.Metric) graph.Metric { return named{m, name} }

// named is a metric with another name; its fields are exported for files.
type named struct {
	Metric graph.Metric
	As     string
}

var _ graph.MetricWrapper = named{}

// Name implements graph.Metric.
func (n named) Name() string { return n.As }

// Score implements graph.Metric.
func (n named) Score(pred, target *graph.Tensor) float64 { return n.Metric.Score(pred, target) }

// Unwrap implements graph.MetricWrapper.
func (n named) Unwrap() graph.Metric { return n.Metric }
