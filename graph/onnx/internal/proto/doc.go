// Package proto reads and writes ONNX models: the messages of onnx.proto that a network needs, in the protocol buffers wire
// format (https://protobuf.dev/programming-guides/encoding). It accepts untrusted bytes: it uses memory of at most a small
// multiple of their number, does not recurse, and returns an error that names the place for every fault.
package proto
