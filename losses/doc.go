// Package losses holds what training minimizes: each loss is an expression of the prediction and the target, a scalar, the
// mean over the batch. None has a backward pass.
//
// Cross-entropies of a network that ends in Sigmoid or Softmax are computed from what goes into that operation, the logits,
// in a form that is stable for any of them. A network that ends before it, in logits, sets FromLogits. One whose output
// can't be a probability is an error when the model is compiled.
package losses
