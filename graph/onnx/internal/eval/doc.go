// Package eval runs the graph of an ONNX file node by node, as the file says: on tensors of any element type and rank, with shapes that
// depend on the data, and with control flow. Package onnx reads the same files in another way, as operations of a trainable,
// compiled graph.
//
// Each operator is a function in a file op_*.go and a row in the table of its family. Its call has the inputs and attributes. An
// operator reports what it does not support, or inputs that do not fit, with call.fail, which ends the node; Run returns the error
// with the node's name. Tensors are not changed after they are made, so they are shared freely. But the elements of some values are used
// again when they are spent: sharings lists the operators whose outputs never share elements with their inputs (storage.go), and
// tests with Spoil find a wrong one.
//
// Program.Fuse joins nodes to groups that run as one (fuse.go). What a group computes has the bits of its nodes.
//
// Operators on float16 and bfloat16 compute in float32 and round their results, unless their row has the flag raw.
package eval
