package graph

import (
	"fmt"
	"math"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/tensors"
)

// A LogitLoss is a Loss whose prediction may be logits. Activation returns the name of the function that makes probabilities of
// them, "Sigmoid" or "Softmax" (along the last axis), or "" if the prediction is not logits. It is for the metrics of the same
// output, see LogitMetric.
type LogitLoss interface {
	Loss
	Activation() string
}

// A LogitMetric is a Metric whose score is not the same for logits as for the probabilities that they stand for. ReadsLogits
// reports whether the metric takes predictions of a shape, with the batch in front, for logits; matters is false if it is the same
// for this shape. A metric that reads probabilities gets the probabilities, as float64, beside a LogitLoss. One that reads logits
// is an error of Compile for a network that ends in probabilities. A Metric that is not a LogitMetric gets the prediction as it
// is.
type LogitMetric interface {
	Metric
	ReadsLogits(pred []int) (logits, matters bool)
}

// read returns the prediction as one of the output's metrics reads it.
func (o outPort) read(m Metric, pred *Tensor) (*Tensor, error) {
	l, ok := o.Loss.(LogitLoss)
	r, ok2 := metricAs[LogitMetric](m)
	if !ok || !ok2 || l.Activation() == "" {
		return pred, nil
	}
	if logits, matters := r.ReadsLogits(pred.Shape()); logits || !matters {
		return pred, nil
	}
	values, err := tensors.Float64s(pred)
	if err != nil {
		return nil, err
	}
	out := tensors.New(tensor.Float64, pred.Shape())
	p := tensors.Data[float64](out)
	copy(p, values)
	if l.Activation() == "Sigmoid" {
		for i, z := range p {
			p[i] = 1 / (1 + math.Exp(-z))
		}
		return out, nil
	}
	for n := pred.Shape()[pred.Dims()-1]; len(p) > 0; p = p[n:] {
		softmax(p[:n])
	}
	return out, nil
}

// softmax replaces logits by probabilities.
func softmax(z []float64) {
	most, sum := math.Inf(-1), 0.0
	for _, v := range z {
		most = math.Max(most, v)
	}
	for i, v := range z {
		z[i] = math.Exp(v - most)
		sum += z[i]
	}
	for i := range z {
		z[i] /= sum
	}
}

// checkReading returns an error for a metric that reads logits although the output is probabilities.
func (o outPort) checkReading(m Metric, y Node) error {
	r, ok := metricAs[LogitMetric](m)
	if !ok {
		return nil
	}
	if logits, matters := r.ReadsLogits(y.Shape()); !logits || !matters {
		return nil
	}
	if lo, hi, known := y.Bounds(); known && lo >= 0 && hi <= 1 {
		return fmt.Errorf("FromLogits: got true for a prediction in [%v, %v], want false for probabilities", lo, hi)
	}
	return nil
}
