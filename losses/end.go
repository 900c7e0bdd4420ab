package losses

import "github.com/nndiy/nndiy/graph"

// ended returns pred, with an error if no loss fits the way in which the network ends.
func ended(pred graph.Node) graph.Node {
	switch e := pred.End(); {
	case e.After != "":
		return pred.Errorf("got a network that ends with %s of probabilities, the output of %s, want only one of the two", e.Activation, e.After)
	case e.Size == 1 && e.Activation == "Softmax":
		return pred.Errorf("got Softmax of one unit, which is always 1, want Sigmoid, or Softmax of two units or more")
	case e.Size == 1:
		return pred.Errorf("got LogSoftmax of one unit, which is always 0, want another activation, or two units or more")
	case e.Noisy && e.Activation != "":
		return pred.Errorf("got Dropout or noise after the final %s, want it before the last layer with parameters", e.Activation)
	}
	return pred
}

// scores returns pred, with an error if it cannot have both signs.
func scores(pred graph.Node) graph.Node {
	pred = ended(pred)
	if lo, hi, known := pred.Bounds(); known && (lo >= 0 || hi <= 0) {
		return pred.Errorf("got a prediction in [%v, %v], want scores of both signs: end the network with Tanh or without an activation", lo, hi)
	}
	return pred
}

// distribution returns pred, with an error if it cannot be the probabilities of classes that exclude each other, or their logits,
// along the last axis.
func distribution(pred graph.Node) graph.Node {
	switch e := pred.End(); {
	case e.Activation == "Sigmoid" || e.Activation == "Clip":
		return pred.Errorf("got a network that ends with %s, which makes a probability of each element, want probabilities that sum to 1: "+
			"end it with Softmax, or use BinaryCrossEntropy, SparseBinaryCrossEntropy or BinaryFocal for classes that do not exclude each other", e.Activation)
	case e.Size > 1 && e.Axis >= 0 && e.Axis != pred.Rank()-1:
		return pred.Errorf("got %s along axis %d of shape %v, want it along the last axis, where the loss has the classes", e.Activation, e.Axis, pred.Shape())
	}
	return pred
}

// probability returns pred, with an error if it cannot be a probability; end is the activation that would make it one.
func probability(pred graph.Node, end string) graph.Node {
	pred = ended(pred)
	if lo, hi, known := pred.Bounds(); known && (lo < 0 || hi > 1) {
		return pred.Errorf("got a prediction in [%v, %v], want probabilities: end the network with %s, or set FromLogits", lo, hi, end)
	}
	return pred
}

// logits returns the logits of a network whose final operation is end, and whether they are known.
func logits(pred graph.Node, end string, fromLogits bool) (graph.Node, bool) {
	if !fromLogits {
		z, name := pred.Logits()
		return z, name == end
	}
	if pred = ended(pred); pred.Err() != nil {
		return pred, true
	}
	if name := pred.End().Activation; name == "Sigmoid" || name == "Softmax" {
		return pred.Errorf("FromLogits: got true for a network that ends with %s, want false", name), true
	}
	if lo, hi, known := pred.Bounds(); known && lo >= 0 && hi <= 1 {
		return pred.Errorf("FromLogits: got true for a prediction in [%v, %v], want false for probabilities", lo, hi), true
	}
	return pred, true
}
