package metrics

import (
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// A CalibrationCurve compares, bin by bin, how sure a network is with how often it is right. Bins without rows are left out.
type CalibrationCurve struct {
	Confidence []float64 // mean probability in each bin
	Accuracy   []float64 // fraction of the rows of the bin that are of the class
	Count      []int     // rows in each bin
}

// Calibration returns the calibration curve of probabilities, in bins of equal width from 0 to 1: for two classes of the
// probability of class 1, as calibration_curve in scikit-learn; for more of the largest probability of each row and whether
// its class is the true one. The package comment gives the shapes. A bin has the numbers above its lower border up to its upper one;
// bins of 0 means 10. A NaN is an error.
func Calibration(pred, target *graph.Tensor, bins int) (CalibrationCurve, error) {
	err := settings.Check(settings.Count("bins", bins, 1).OrZero(defaultBins))
	var c CalibrationCurve
	if err == nil {
		c, err = calibration(pred, target, settings.Or(bins, defaultBins))
	}
	return c, prefix("Calibration", err)
}

func calibration(pred, target *graph.Tensor, bins int) (c CalibrationCurve, err error) {
	if bins < 1 || bins > 1e6 {
		return c, fmt.Errorf("Bins: got %d, want 1 to 1000000", bins)
	}
	sure, right, count := make([]float64, bins), make([]float64, bins), make([]int, bins)
	row, nan := -1, -1
	err = eachRow(pred, target, func(p []float64, truth int) {
		row++
		class := argMax(p)
		if class < 0 {
			if nan < 0 {
				nan = row
			}
			return
		}
		if len(p) == 2 {
			class = 1
		}
		bin := min(max(int(math.Ceil(p[class]*float64(bins)))-1, 0), bins-1)
		sure[bin] += p[class]
		count[bin]++
		if truth == class {
			right[bin]++
		}
	})
	if err == nil && nan >= 0 {
		err = fmt.Errorf("row %d of the predictions: got NaN, want probabilities", nan)
	}
	if err != nil {
		return c, err
	}
	for i, n := range count {
		if n > 0 {
			c.Confidence = append(c.Confidence, sure[i]/float64(n))
			c.Accuracy = append(c.Accuracy, right[i]/float64(n))
			c.Count = append(c.Count, n)
		}
	}
	return c, nil
}

// Error returns the expected calibration error: the mean distance between confidence and accuracy, over the rows.
func (c CalibrationCurve) Error() float64 {
	sum, n := 0.0, 0
	for i, k := range c.Count {
		sum += float64(k) * math.Abs(c.Confidence[i]-c.Accuracy[i])
		n += k
	}
	return sum / float64(n)
}

// Temperature returns the number T by which logits are to be divided so that their probabilities fit best: the minimum of the log loss of
// z/T over validation data (Guo et al., 2017, "On Calibration of Modern Neural Networks"). The predicted classes stay the same.
// T above 1 makes a network less sure. Divide by it in the network with layers.Rescale{Scale: []float64{T}} before the last
// Softmax or Sigmoid. logits are (n,k), or (n) or (n,1) for two classes; T is between 0.001 and 1000. Logits that are not finite are
// an error.
func Temperature(logits, target *graph.Tensor) (float64, error) {
	r, err := read(logits, target, cut{logits: true})
	truth := make([]int, r.rows)
	for i := range truth {
		if err == nil {
			truth[i], err = r.truth(i)
		}
		for k := range r.width {
			if v := r.pred.at(i*r.width + k); err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
				err = fmt.Errorf("row %d of the predictions: got %v, want finite logits", i, v)
			}
		}
	}
	if err != nil {
		return 0, prefix("Temperature", err)
	}
	// The loss is convex in b = 1/T; its slope is the mean of E[z] - z(truth).
	slope := func(b float64) float64 {
		sum, z := 0.0, make([]float64, r.classes())
		for i, class := range truth {
			most := math.Inf(-1)
			for k := range z {
				switch {
				case r.width > 1:
					z[k] = r.pred.at(i*r.width + k)
				case k == 1:
					z[k] = r.pred.at(i)
				}
				most = max(most, z[k])
			}
			total, mean := 0.0, 0.0
			for _, v := range z {
				e := math.Exp(b * (v - most))
				total += e
				mean += e * v
			}
			sum += mean/total - z[class]
		}
		return sum
	}
	lo, hi := math.Log(1e-3), math.Log(1e3)
	for range 60 {
		if mid := (lo + hi) / 2; slope(math.Exp(mid)) > 0 {
			hi = mid
		} else {
			lo = mid
		}
	}
	return math.Exp(-(lo + hi) / 2), nil
}
