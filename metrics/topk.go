package metrics

import (
	"fmt"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

var (
	_ graph.MeanMetric    = TopK{}
	_ graph.MetricChecker = TopK{}
	_ graph.Validator     = TopK{}
)

// TopK is the fraction of rows whose true class is among the K largest predictions. Predictions have the shape (n,k), k at least
// K. The first of equal predictions counts as larger, so TopK{K: 1} equals Accuracy. Its name in the logs is "top5_accuracy" for
// a K of 5.
type TopK struct {
	K int // number of predictions in which the true class is looked for; 0 means 5
}

// defaultK is what a K of 0 means.
const defaultK = 5

func (m TopK) k() int { return settings.Or(m.K, defaultK) }

// Name implements graph.Metric: "top5_accuracy" for a K of 5.
func (m TopK) Name() string { return fmt.Sprintf("top%d_accuracy", m.k()) }

// LargerIsBetter implements graph.DirectedMetric.
func (TopK) LargerIsBetter() bool { return true }

// RowMean implements graph.MeanMetric.
func (TopK) RowMean() {}

// Validate implements graph.Validator.
func (m TopK) Validate() error {
	return prefix("TopK", settings.Check(settings.Count("K", m.K, 1).OrZero(defaultK)))
}

// Check implements graph.MetricChecker.
func (m TopK) Check(pred, target []int) error {
	l, err := layoutOf(pred, target)
	switch {
	case err != nil:
		return err
	case l.width == 1:
		return fmt.Errorf("got predictions of shape %v, want a score for each class, of shape (n,k)", pred)
	case m.k() < 1 || m.k() > l.width:
		return fmt.Errorf("K: got %d, want 1 to the number of classes, %d", m.k(), l.width)
	}
	return nil
}

// Score implements graph.Metric.
func (m TopK) Score(pred, target *graph.Tensor) float64 { return orNaN(m.score(pred, target)) }

// Explain implements graph.MetricExplainer.
func (m TopK) Explain(pred, target *graph.Tensor) error {
	_, err := m.score(pred, target)
	return err
}

func (m TopK) score(pred, target *graph.Tensor) (float64, error) {
	r, err := read(pred, target, cut{})
	if err == nil {
		err = m.Check(pred.Shape(), target.Shape())
	}
	if err != nil {
		return 0, err
	}
	return r.correct(func(i, truth int) bool {
		ahead, p := 0, r.pred.at(i*r.width+truth)
		for j := range r.width {
			switch v := r.pred.at(i*r.width + j); {
			case v != v:
				return false
			case v > p || v == p && j < truth:
				ahead++
			}
		}
		return ahead < m.k()
	})
}
