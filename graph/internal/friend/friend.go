// Package friend gives packages below graph access to functions that graph does not export. Package graph sets the variables
// when it is initialized. The functions' types contain types of graph, which this package cannot import, so a caller uses a
// type assertion.
package friend

var (
	// Expression returns the operations with which a model predicts a batch of the given size, as the layers emitted them. shapes
	// holds the shape of one sample of each input, in the order of the expression's inputs:
	//
	//	func(m *graph.Model, batch int, shapes [][]int) (*ops.Expression, error)
	Expression any

	// Probes returns lists of shapes for which the network works. There is one if no dimension of an input is graph.Any.
	// Otherwise each of the others differs from the first in one Any, or in several that must have the same size:
	//
	//	func(m *graph.Model) [][][]int
	Probes any

	// Apart reports whether each row of a network's outputs depends on the same row of its inputs only, and in the same way for any
	// size of the batch, as far as is known from its operations. The network is not initialized. A network that does not work for some
	// size of the batch is not one:
	//
	//	func(net graph.Layer, cfg graph.Config) bool
	Apart any

	// Learns reports whether a layer is applied in training mode and the model is one that trains or predicts in that mode. Compile
	// builds every network in training mode, to find its parameters:
	//
	//	func(s *graph.Scope) bool
	Learns any

	// Unary applies an element-wise function that has no method of Node:
	//
	//	func(x graph.Node, c ops.Code) graph.Node
	Unary any

	// At calls f and adds a place inside the layer to the errors of f, such as the name of an operation in a file:
	//
	//	func(s *graph.Scope, place string, f func() graph.Node) graph.Node
	At any

	// Limited calls f with a limit on the nodes and constants that it may add to the graph, for a layer that was read from
	// an untrusted file. The limit is proportional to the file's size in bytes: text for the description of the network,
	// data for its parameters. The error for exceeding it ends with hint, which says what to do instead. Inside a model that
	// graph.Open made, the limit of the model's file applies. f gets the size that applies, text + data of that file:
	//
	//	func(s *graph.Scope, text, data int, hint string, f func(size int) graph.Node) graph.Node
	Limited any
)
