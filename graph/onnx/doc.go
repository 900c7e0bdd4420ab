// Package onnx writes models as ONNX files, which other programs can run, and reads ONNX files as trainable layers.
//
// Write has a rule for each kind of operation in the inference graph, so it writes a user's own layers too. It builds the
// network for three batch sizes and marks the dimensions that differ as the batch, a dimension of any size. Read keeps the
// nodes of the file. They are added to a graph when the layer is applied, for the shapes of that graph; values that depend
// only on shapes are computed then.
//
// Supported are the tensor operators of opsets 7 to 22 that this library and PyTorch's exporter write, and Scan, whose graph for
// one step may contain any of them. The operators If and Loop, sequences, quantized and sparse tensors, and tensors in other files
// are errors.
//
// Recurrent operators and Scan are read as graph.Loop, one operation for any number of steps, in all of their forms: directions,
// initial and final states, lengths of the sequences, functions, peepholes. Write does the reverse: a loop that ONNX has an
// operator for, as those of the recurrent layers, becomes LSTM, GRU or RNN (match.go finds these), any other loop Scan. With a mask,
// the operator gets the lengths of the sequences; if padding is not known to be at the end, the valid steps are moved to the front
// before it, and its outputs back to their places after it.
//
// # To add an operator
//
// For reading:
//
//  1. op_*.go: a function that builds the node's outputs. Its call (call.go) provides the inputs and attributes: x(i) returns
//     input i as a graph node, integers(i) as integers known while the graph is built, float(name, default) an attribute.
//     fail reports whatever is not supported.
//  2. operators.go: a row with the operator's name, its number of inputs, and the supported attributes.
//  3. operators_test.go: a row of operatorCases. TestEveryOperatorIsTested fails without it, unless the operator occurs in
//     testdata/torch.json or in a file that is written from the tables of layers_test.go.
//
// For example, Celu is this function and the row "Celu": setting("alpha", celu):
//
//	func celu(c *call, x graph.Node) graph.Node {
//		alpha := c.float("alpha", 1)
//		if !(alpha > 0) {
//			return c.fail("attribute alpha: got %v, want more than 0", alpha)
//		}
//		return x.Scale(1 / alpha).ELU(1).Scale(alpha)
//	}
//
// For writing an operation of graph/internal/ops:
//
//  1. For an element-wise function, rules_map.go: a row of operatorNames if ONNX has an operator for it, else a case that
//     composes it. For any other operation, rules.go: a case of writer.rule, with a method in rules_*.go if it is long.
//  2. layers_test.go: a row of vocabulary for a layer, else of operations. TestVocabulary fails for a registered layer
//     without a row. Tests write each row, read it again, differentiate it, and run it by onnxruntime.
//
// For example, a softmax is this case; w.value(it.in[0]) writes the input first, if it is not written yet:
//
//	case ops.Softmax:
//		return stored{w.node(d.String(), []string{w.value(it.in[0])}, intAttribute("axis", -1)), it.shape}
package onnx
