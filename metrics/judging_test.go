package metrics

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

// judged are the values of testdata/judging.py.
type judged struct {
	Classes []struct {
		Pred, Logits, Target []float64
		K                    int
		FPR, TPR, ROC        []float64
		Precision, Recall    []float64
		PR                   []float64
		Accuracy, Confidence []float64
		Temperature          float64
		Confusion            [][]int
		Report               []float64
		Youden, F1           float64
		Scores               map[string]float64
	}
	Images []struct {
		Shape        []int
		Pred, Target []float64
		SSIM, PSNR   float64
	}
	Numbers []struct {
		Shape         []int
		Pred, Target  []float64
		MAPE, Pearson float64
	}
}

func judgedBy(t *testing.T) (j judged) {
	data, err := os.ReadFile("testdata/judging.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &j))
	require.Len(t, j.Classes, 4)
	return j
}

// TestJudgingClasses compares curves and scores with scikit-learn's.
func TestJudgingClasses(t *testing.T) {
	scorers := map[string]graph.Metric{}
	for _, m := range []graph.Metric{LogLoss{}, BrierScore{}, AveragePrecision{}, AveragePrecision{Macro}, AveragePrecision{Micro}, AveragePrecision{Weighted}} {
		scorers[m.Name()] = m
	}
	for i, c := range judgedBy(t).Classes {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			n := len(c.Target)
			pred, target := dense(c.Pred, n, c.K), dense(c.Target)
			for name, want := range c.Scores {
				assert.InDelta(t, want, scorers[name].Score(pred, target), 1e-12, name)
				assert.InDelta(t, want, scorers[name].Score(dense(single(c.Pred), n, c.K), target), 1e-6, name)
			}
			temperature, err := Temperature(dense(c.Logits, n, c.K), target)
			require.NoError(t, err)
			assert.InEpsilon(t, c.Temperature, temperature, 1e-5)
			if c.K > 1 {
				return
			}
			roc, err := ROC(pred, target, 1)
			require.NoError(t, err)
			assert.True(t, math.IsInf(roc.Threshold[0], 1))
			assert.InDeltaSlice(t, c.ROC, roc.Threshold[1:], 1e-12)
			assert.InDeltaSlice(t, c.FPR, roc.FalsePositive[1:], 1e-12)
			assert.InDeltaSlice(t, c.TPR, roc.TruePositive[1:], 1e-12)
			pr, err := PrecisionRecall(pred, target, 1)
			require.NoError(t, err)
			assert.InDeltaSlice(t, c.PR, pr.Threshold, 1e-12)
			assert.InDeltaSlice(t, c.Precision, pr.Precision, 1e-12)
			assert.InDeltaSlice(t, c.Recall, pr.Recall, 1e-12)
			curve, err := Calibration(pred, target, 8)
			require.NoError(t, err)
			assert.InDeltaSlice(t, c.Accuracy, curve.Accuracy, 1e-12)
			assert.InDeltaSlice(t, c.Confidence, curve.Confidence, 1e-12)
			assert.InDelta(t, curve.Error(), CalibrationError{Bins: 8}.Score(pred, target), 1e-12)
			table, err := ConfusionMatrixAt(pred, target, 0.3)
			require.NoError(t, err)
			assert.Equal(t, c.Confusion, table.Counts)
			assert.InDeltaSlice(t, c.Report, []float64{table.Precision(0), table.F1(1), table.average(Macro, recall), table.average(Weighted, f1)}, 1e-12)

			for name, score := range map[string]func(c *Confusion) float64{"youden": nil, "f1": func(c *Confusion) float64 { return c.F1(1) }} {
				threshold, best, err := BestThreshold(pred, target, score)
				require.NoError(t, err)
				assert.InDelta(t, map[string]float64{"youden": c.Youden, "f1": c.F1}[name], best, 1e-12)
				at, err := ConfusionMatrixAt(pred, target, threshold)
				require.NoError(t, err)
				if score == nil {
					score = func(c *Confusion) float64 { return c.Recall(0) + c.Recall(1) - 1 }
				}
				assert.InDelta(t, best, score(at), 1e-12, "the score at the threshold")
			}
			two := make([]float64, 0, 2*n) // the same as two columns
			for _, p := range c.Pred {
				two = append(two, 1-p, p)
			}
			assert.InDelta(t, c.Scores["brier"], BrierScore{}.Score(dense(two, n, 2), target), 1e-12)
		})
	}
}

// TestJudgingNumbers compares with scikit-image, scikit-learn and SciPy.
func TestJudgingNumbers(t *testing.T) {
	j := judgedBy(t)
	for _, c := range j.Images {
		p, target := dense(c.Pred, c.Shape...), dense(c.Target, c.Shape...)
		assert.InDelta(t, c.SSIM, SSIM{}.Score(p, target), 1e-9)
		assert.InDelta(t, c.PSNR, PSNR{}.Score(p, target), 1e-9)
		assert.InDelta(t, c.PSNR+20*math.Log10(255), PSNR{Max: 255}.Score(p, target), 1e-9)
		assert.InDelta(t, 1, SSIM{}.Score(p, p), 1e-12)
		assert.True(t, math.IsInf(PSNR{}.Score(p, p), 1))
		assert.Equal(t, 100.0, PSNR{Limit: 100}.Score(p, p))
		assert.InDelta(t, c.PSNR, PSNR{Limit: 100}.Score(p, target), 1e-9)
	}
	for _, c := range j.Numbers {
		p, target := dense(c.Pred, c.Shape...), dense(c.Target, c.Shape...)
		assert.InDelta(t, c.MAPE, MeanAbsolutePercentageError{}.Score(p, target), 1e-12)
		assert.InDelta(t, c.Pearson, Pearson{}.Score(p, target), 1e-12)
	}
	assert.True(t, math.IsNaN(Pearson{}.Score(dense([]float64{1, 2}), dense([]float64{3, 3}))))
	assert.True(t, math.IsNaN(AveragePrecision{}.Score(dense([]float64{0.1, 0.2}), dense([]float64{0, 0}))))
}

func TestReport(t *testing.T) {
	c, err := ConfusionMatrix(dense([]float64{0.1, 0.2, 0.7, 0.6, 0.9, 0.3}), dense([]float64{0, 0, 0, 1, 1, 1}))
	require.NoError(t, err)
	c.Names = []string{"healthy", "ill"}
	require.Equal(t, `               precision  recall     f1  rows
healthy            0.667   0.667  0.667     3
ill                0.667   0.667  0.667     3
accuracy                          0.667     6
macro mean         0.667   0.667  0.667     6
weighted mean      0.667   0.667  0.667     6
`, c.Report())
}

func TestJudgingErrors(t *testing.T) {
	p, y := dense([]float64{0.1, 0.7, math.NaN()}), dense([]float64{0, 1, 1})
	fine, zeros := dense([]float64{0.1, 0.7, 0.9}), dense([]float64{0, 0, 0})
	for want, f := range map[string]func() error{
		"metrics: ROC: row 2 of the predictions: got NaN":           func() error { _, err := ROC(p, y, 1); return err },
		"metrics: ROC: class: got 2, want at least 0":               func() error { _, err := ROC(fine, y, 2); return err },
		"metrics: ROC: class 1: got 0 of 3 rows":                    func() error { _, err := ROC(fine, zeros, 1); return err },
		"metrics: PrecisionRecall: class 1: got 0 of 3 rows":        func() error { _, err := PrecisionRecall(fine, zeros, 1); return err },
		"metrics: Calibration: row 2 of the predictions: got NaN":   func() error { _, err := Calibration(p, y, 0); return err },
		"metrics: Calibration: bins: got -1":                        func() error { _, err := Calibration(fine, y, -1); return err },
		"metrics: Calibration: row 1 of the predictions: got -6":    func() error { _, err := Calibration(dense([]float64{0, 7, 0}), y, 0); return err },
		"metrics: Temperature: row 2 of the predictions: got NaN":   func() error { _, err := Temperature(p, y); return err },
		"metrics: Temperature: row 1 of the targets":                func() error { _, err := Temperature(fine, dense([]float64{0, 5, 1})); return err },
		"metrics: BestThreshold: got the prediction 7":              func() error { _, _, err := BestThreshold(dense([]float64{0, 7, 0}), y, nil); return err },
		"metrics: BestThreshold: row 2 of the predictions: got NaN": func() error { _, _, err := BestThreshold(p, y, nil); return err },
		"metrics: ConfusionMatrixAt: Threshold: got 0":              func() error { _, err := ConfusionMatrixAt(fine, y, 0); return err },
		"metrics: ConfusionMatrixAt: Threshold: got 1":              func() error { _, err := ConfusionMatrixAt(fine, y, 1); return err },
		"row 0 of the predictions: got the sum 0.8, want 1":         func() error { return LogLoss{}.Explain(dense([]float64{0.4, 0.4, 0.5, 0.5, 0.1, 0.9}, 3, 2), y) },
		"got predictions of shape [3 4], want (n, height, width)":   func() error { return SSIM{}.Check([]int{3, 4}, []int{3, 4}) },
		"metrics: PSNR: Max: got -1":                                func() error { return PSNR{Max: -1}.Validate() },
		"metrics: PSNR: Limit: got -1":                              func() error { return PSNR{Limit: -1}.Validate() },
		"metrics: SSIM: Max: got -1":                                func() error { return SSIM{Max: -1}.Validate() },
		"metrics: CalibrationError: Bins: got -1":                   func() error { return CalibrationError{Bins: -1}.Validate() },
		"metrics: AveragePrecision: Average: got 9":                 func() error { return AveragePrecision{9}.Validate() },
		"metrics: PermutationImportance: got no model or no metric": func() error {
			_, _, err := PermutationImportance(context.Background(), nil, graph.Arrays{}, R2{}, 0, 0)
			return err
		},
		"got targets of shape [2] for predictions of shape [3], want ": func() error { return Pearson{}.Check([]int{3}, []int{2}) },
	} {
		t.Run(want, func(t *testing.T) { require.ErrorContains(t, f(), want) })
	}
}

// TestNaNRow: the error of a curve names the first row that has a NaN, in whatever column.
func TestNaNRow(t *testing.T) {
	for _, c := range []struct {
		pred *graph.Tensor
		row  int
	}{
		{dense([]float64{nan, 0.5, nan, 0.2}), 0},
		{dense([]float64{0.5, 0.3, nan, 0.2}), 2},
		{dense([]float64{0.5, nan, nan, nan}), 1},
		{dense([]float64{0.5, 0.5, nan, 0.5, 0.4, 0.6, nan, nan}, 4, 2), 1},
		{dense([]float64{0.5, 0.5, 0.4, 0.6, 0.5, nan, nan, 0.5}, 4, 2), 2},
		{dense([]float64{0.2, 0.2, 0.6, 0.1, 0.2, 0.7, 0.1, 0.2, 0.7, nan, 0.3, 0.7}, 4, 3), 3},
	} {
		want := fmt.Sprintf("row %d of the predictions: got NaN", c.row)
		target := dense([]float64{0, 1, 0, 1})
		_, err := Calibration(c.pred, target, 0)
		assert.ErrorContains(t, err, want, "Calibration of %v", c.pred)
		assert.ErrorContains(t, CalibrationError{}.Explain(c.pred, target), want)
		_, err = ROC(c.pred, target, 1)
		assert.ErrorContains(t, err, want, "ROC of %v", c.pred)
		_, err = PrecisionRecall(c.pred, target, 1)
		assert.ErrorContains(t, err, want, "PrecisionRecall of %v", c.pred)
		_, err = Temperature(c.pred, target)
		assert.ErrorContains(t, err, want, "Temperature of %v", c.pred)
	}
}
