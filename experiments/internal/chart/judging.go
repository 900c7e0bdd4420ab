package chart

import "github.com/nndiy/nndiy/metrics"

// unitFrame is the frame of a diagram of two numbers from 0 to 1.
var unitFrame = [4]float64{0, 1, 0, 1}

// ROC is a diagram of a ROC curve.
func ROC(title string, c metrics.ROCCurve) Points {
	return Points{Title: title, X: "false positives", Y: "true positives", Frame: unitFrame, Lines: []Polyline{
		{"network", pairs(c.FalsePositive, c.TruePositive)}, {"chance", [][2]float64{{0, 0}, {1, 1}}},
	}}
}

// PrecisionRecall is a diagram of a precision-recall curve.
func PrecisionRecall(title string, c metrics.PrecisionRecallCurve) Points {
	return Points{Title: title, X: "recall", Y: "precision", Frame: unitFrame, Lines: []Polyline{{"network", pairs(c.Recall, c.Precision)}}}
}

// Calibration is a diagram of a calibration curve.
func Calibration(title string, c metrics.CalibrationCurve) Points {
	return Points{Title: title, X: "confidence", Y: "accuracy", Frame: unitFrame, Lines: []Polyline{
		{"network", pairs(c.Confidence, c.Accuracy)}, {"calibrated", [][2]float64{{0, 0}, {1, 1}}},
	}}
}

// pairs returns points, at least two.
func pairs(x, y []float64) (p [][2]float64) {
	for i := range x {
		p = append(p, [2]float64{x[i], y[i]})
	}
	if len(p) == 1 {
		p = append(p, p[0])
	}
	return p
}
