package graph

import (
	"context"
	"fmt"
)

// Saliency returns how strongly each element of x decides the prediction (Simonyan et al., 2014, "Deep Inside Convolutional Networks"): the
// absolute value of the derivative of the main output with respect to it, of the shape of x. For an output (n, k) with several
// classes it is the derivative of the largest element of the row, before a final Softmax or Sigmoid; otherwise of the sum of the row.
// The network has one input, and does not mix the samples of a batch.
func (m *Model) Saliency(ctx context.Context, x *Tensor) (*Tensor, error) {
	if err := m.made(); err != nil {
		return nil, public("Saliency", err)
	}
	if len(m.ins) > 1 {
		return nil, fmt.Errorf("graph: Saliency: got a network with %d inputs, want one", len(m.ins))
	}
	net := LayerFunc(func(s *Scope, x Node) Node {
		y, _ := m.net.Emit(s, x).Logits()
		if y.Err() != nil {
			return y
		}
		if y.Rank() == 2 && y.Dim(1) > 1 {
			y = y.Max(1)
		}
		return Grad(y.Sum(), x)[0].Abs()
	})
	part, err := m.part(net, m.path, m.cfg.Input, m.probes)
	if err != nil {
		return nil, public("Saliency", err)
	}
	out, err := part.Predict(ctx, x)
	if err != nil {
		return nil, public("Saliency", err)
	}
	return out, nil
}
