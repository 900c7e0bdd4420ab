package metrics_test

import (
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings/settingstest"
	"github.com/nndiy/nndiy/metrics"
)

// TestZero calls each method of the zero value of each exported struct.
func TestZero(t *testing.T) {
	settingstest.Zero(t, []any{
		&metrics.AUC{}, &metrics.Accuracy{}, &metrics.AveragePrecision{}, &metrics.BinaryAccuracy{}, &metrics.BrierScore{},
		&metrics.CalibrationCurve{}, &metrics.CalibrationError{}, &metrics.Confusion{}, &metrics.F1{}, &metrics.Jaccard{},
		&metrics.LogLoss{}, &metrics.MatthewsCorrelation{}, &metrics.MeanAbsoluteError{}, &metrics.MeanAbsolutePercentageError{},
		&metrics.MeanSquaredError{}, &metrics.PSNR{}, &metrics.Pearson{}, &metrics.Precision{}, &metrics.PrecisionRecallCurve{},
		&metrics.R2{}, &metrics.ROCCurve{}, &metrics.Recall{}, &metrics.RootMeanSquaredError{}, &metrics.SSIM{},
		&metrics.Specificity{}, &metrics.TopK{},
	}, []any{&graph.Scope{}})
}
