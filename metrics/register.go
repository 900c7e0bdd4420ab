package metrics

import "github.com/nndiy/nndiy/graph"

// Model files name each metric by its type.
func init() {
	for _, v := range []graph.Metric{
		AUC{}, Accuracy{}, AveragePrecision{}, BinaryAccuracy{}, BrierScore{}, CalibrationError{}, F1{}, Jaccard{}, LogLoss{},
		MatthewsCorrelation{}, MeanAbsoluteError{}, MeanAbsolutePercentageError{}, MeanSquaredError{}, PSNR{}, Pearson{}, Precision{},
		R2{}, Recall{}, RootMeanSquaredError{}, SSIM{}, Specificity{}, TopK{},
	} {
		graph.Register("", v)
	}
	graph.Register("metrics.Named", named{})
}
