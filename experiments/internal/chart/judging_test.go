package chart

import (
	"path/filepath"
	"testing"

	"github.com/nndiy/nndiy/metrics"
)

// Every curve is drawn, also one with a single bin.
func TestJudging(t *testing.T) {
	for name, p := range map[string]Points{
		"roc":         ROC("a", metrics.ROCCurve{FalsePositive: []float64{0, 0.2, 1}, TruePositive: []float64{0, 0.7, 1}}),
		"pr":          PrecisionRecall("b", metrics.PrecisionRecallCurve{Precision: []float64{1, 0.7}, Recall: []float64{0.3, 1}}),
		"calibration": Calibration("c", metrics.CalibrationCurve{Confidence: []float64{0.9}, Accuracy: []float64{0.8}}),
	} {
		if err := p.Save(filepath.Join(t.TempDir(), name+".png")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(p.Lines[0].At) < 2 {
			t.Errorf("%s: got %v, want a line", name, p.Lines[0].At)
		}
	}
}
