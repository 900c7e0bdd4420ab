package metrics

import (
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings/settingstest"
)

// TestWrongNumbers: NaN, infinities and negative numbers in the fields of metrics are errors of Validate.
func TestWrongNumbers(t *testing.T) {
	settingstest.Wrong(t, []graph.Validator{
		AUC{}, AveragePrecision{}, BinaryAccuracy{}, CalibrationError{}, F1{}, Jaccard{}, MatthewsCorrelation{}, PSNR{}, Precision{},
		Recall{}, SSIM{}, Specificity{}, TopK{},
	}, func(v graph.Validator) error { return v.Validate() }, nil)
}
