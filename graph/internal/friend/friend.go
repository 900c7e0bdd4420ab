// Package friend is how packages below graph reach functions that package graph keeps from its users. Package graph sets the
// variables when it is initialized. Their types name types of graph, which this package cannot import, so a caller asserts
// them.
package friend

var (
	// Expression returns the operations by which a model predicts a batch of the given size, as the layers emitted them:
	//
	//	func(m *graph.Model, batch int) (*ops.Expression, error)
	Expression any

	// At calls f, whose errors name a place inside a layer, such as an operation that was read from a file:
	//
	//	func(s *graph.Scope, place string, f func() graph.Node) graph.Node
	At any

	// Limited calls f with a limit on the nodes and constants that it may add to the graph, for a layer that was read from
	// an untrusted file. The limit is proportional to the file's size in bytes: text is the description of the network,
	// data its parameters. Errors beyond the limit end with hint, which tells the user what to do instead. Inside a model
	// that graph.Open makes, the limit of the model's file holds. f is given the size that counts, text + data of that file:
	//
	//	func(s *graph.Scope, text, data int, hint string, f func(size int) graph.Node) graph.Node
	Limited any
)
