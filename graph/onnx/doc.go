// Package onnx writes models as ONNX files, which other programs can run, and reads ONNX files in two ways: as trainable layers, and
// as programs that run as the file says.
//
// # Open or Load
//
// Open (and Read) gives a Network, a layer of package graph. Its weights are trained, saved and exported with the model around it, and
// its graph is compiled: operations are fused, memory is planned, derivatives are derived. For that, the graph is built before any data
// are known: the first dimension of inputs and outputs is the batch, elements are float32 or float64, and shapes may depend on the shapes
// of the inputs but not on their elements.
//
// Load gives a Runner, which has none of these limits and cannot be trained. It runs the nodes one after another on the data: any rank
// and element type, named inputs and outputs, scalars, empty tensors, control flow, shapes that depend on the data (NonZero,
// NonMaxSuppression, TopK). What depends on constants alone is computed in the first run and kept, in the order that the kernels read,
// up to about twice the size of the file. Products, convolutions, poolings, LSTMs, GRUs and common functions use the kernels of the
// library. Element-wise functions of float32 that only feed each other run in one pass over memory, after a convolution if there is one
// (internal/eval/fuse.go), and the memory of a value is used again when it is spent (storage.go). Most networks run nearly as fast as a
// Network does; Network fuses more, such as biases of products and attention.
//
// Both decode a file by the same code: external data, functions and all element types (model.go and internal/proto). Both use the kernels
// of the library for products and convolutions. What is known while a Network is built, such as masks made of shapes, is computed as a
// Runner does (known.go). The operators themselves have two forms, since one emits operations with derivatives, and the other computes.
//
// A Runner passes 989 of the 1,072 tests of ONNX 1.12. conformance_test.go runs them; refused_test.go lists those that are left out on
// purpose: sequences, optionals, strings, training operators, and the faults of the suite.
//
// # What Write and Open support
//
// Write has a rule for each kind of operation in the inference graph, so it writes a user's own layers too. It builds the
// network for three batch sizes and marks the dimensions that differ as the batch, a dimension of any size. Read keeps the
// nodes of the file. They are added to a graph when the layer is applied, for the shapes of that graph; values that depend
// only on shapes are computed then.
//
// Open supports the tensor operators of opsets 7 to 22 that this library and PyTorch's exporters write, windows of one to three dimensions,
// Scan, whose graph for one step may contain any of them, Loop with a number of steps that is known when the shapes are, and If: with a
// condition that depends only on shapes, or with branches of equal shapes. Other operators, such as sequences, quantized ones and those
// whose results have shapes that depend on the data, are errors that name the operator, the attribute or input, and the node. Load
// supports opsets 1 to 22. Write writes opset 17, an Exporter any from 11 to 22, and weights in a second file.
//
// Recurrent operators and Scan are read as graph.Loop, one operation for any number of steps, in all of their forms: directions,
// initial and final states, lengths of the sequences, functions, peepholes. Write does the reverse: a loop that ONNX has an
// operator for, as those of the recurrent layers, becomes LSTM, GRU or RNN (match.go finds these), any other loop Scan. With a mask,
// the operator gets the lengths of the sequences; if padding is not known to be at the end, the valid steps are moved to the front
// before it, and its outputs back to their places after it.
//
// # NaN
//
// A Runner and a Network treat NaN as PyTorch does; nan_test.go compares them for each operator. A comparison with NaN is false. Max,
// Min, Relu, Clip, reductions and poolings give NaN, ArgMax and ArgMin the position of the first NaN, and for TopK NaN is the largest
// number. Four functions differ: Sign of NaN is NaN, as in NumPy, where PyTorch has 0; Shrink and ThresholdedRelu of NaN are 0, since
// no comparison of ONNX's definition holds, where PyTorch has NaN; and a Network's Gelu of -Inf is 0, the limit, where PyTorch
// has NaN. A limit of Clip that is NaN is an error of a Network, if it is a constant.
//
// A file that Write makes has NaN where the model has it, except that the file has NaN for GELU of -Inf too.
//
// # To add an operator
//
// For a Runner: a function in internal/eval/op_*.go and a row in the table of its family. TestConformance holds it against ONNX's tests,
// and TestRandomInputs to errors of its own for inputs that do not fit.
//
// For reading as a Network:
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
//  3. opset.go: a case of adapter.node if the operator has another form at an opset from 11 to 22 than at 17. TestOpsets, with -long,
//     writes each row for all of them.
//
// For example, a softmax is this case; w.value(it.in[0]) writes the input first, if it is not written yet:
//
//	case ops.Softmax:
//		return stored{w.node(d.Name(), []string{w.value(it.in[0])}, intAttribute("axis", -1-d.Behind)), it.shape}
package onnx
