package graph

// Recompute returns the result of f. The values of what f adds to the graph are not kept for the gradients, which compute them
// again from the nodes that f uses (gradient checkpointing; Chen et al. 2016, Training Deep Nets with Sublinear Memory Cost).
// That takes another forward pass through this part in each training step, and the memory of its inner values only while
// its gradients are computed. First derivatives have the same bits as without it, noise and states such as running
// statistics included. Derivatives of derivatives are as exact, but are not computed again in this way.
//
// It may be used inside another Recompute, which then computes the inner part twice. Inside the step of a Scan it has no effect;
// Loop.Recompute is for that. Nothing changes in inference.
func (s *Scope) Recompute(f func() Node) (y Node) {
	s.begin()
	if f == nil {
		return s.b.fail("Recompute", errNilFunction)
	}
	s.b.g.Again(func() { y = f() })
	return y
}
