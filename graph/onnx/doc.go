// Package onnx writes models as ONNX files, which other programs run, and reads such files as layers, which can be trained
// further.
//
// Writing walks the operations of the graph for inference, with a rule for each kind of them, so a user's own layers are
// written as well. The network is built for batches of three sizes, and what differs between them is the batch: a dimension
// of any size. Reading keeps the nodes of the file and adds them to a graph when the layer is applied, for the shapes that it
// is applied to; what depends on shapes alone is computed there.
//
// Of ONNX it knows the tensor operators of opsets 7 to 22 that networks of this library and of PyTorch's exporter are made
// of. Sub-graphs (If, Loop, Scan), sequences, quantized and sparse tensors, and tensors in other files are errors.
package onnx
