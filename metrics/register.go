package metrics

import "github.com/nndiy/nndiy/graph"

// Model files name each metric by its type.
func init() {
	for _, v := range []graph.Metric{
		AUC{}, Accuracy{}, BinaryAccuracy{}, F1{}, Jaccard{}, MatthewsCorrelation{}, MeanAbsoluteError{}, MeanSquaredError{},
		Precision{}, R2{}, Recall{}, RootMeanSquaredError{}, Specificity{}, TopK{},
	} {
		graph.Register("", v)
	}
	graph.Register("metrics.Named", named{})
}
