// Package proto reads and writes ONNX models: the messages of onnx.proto that a network needs, in the protocol buffers wire
// format (https://protobuf.dev/programming-guides/encoding). It takes bytes from anybody: what it makes of them is at most a
// small multiple of their number, it has no recursion, and whatever is wrong with them is an error that names the place.
package proto
