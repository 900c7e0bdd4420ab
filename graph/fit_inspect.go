package graph

import "gorgonia.org/tensor"

// InspectUpdate asks for calls of f during the next update, one for each parameter that is trained: its full name, its value
// before the update, and its gradient before clipping. The tensors belong to the model: f must not change them, keep them, or
// call methods of the model. Call InspectUpdate at StepBegin; f has been called at the StepEnd of the step that updates, with
// FitConfig.Accumulate a later one or none if the epoch ends. Training waits for f. A second call replaces f; nil withdraws it.
func (r *Run) InspectUpdate(f func(parameter string, value, gradient *Tensor)) {
	if r.fit != nil {
		r.fit.updater.inspect = f
	}
}

// inspectAll calls the function that InspectUpdate has left.
func (w *workOf[T]) inspectAll() {
	f := w.inspect
	w.inspect = nil
	for i, p := range w.choice.trained {
		f(p.name, p.value, tensor.New(tensor.WithShape(p.shape...), tensor.WithBacking(w.grads[i])))
	}
}
