package graph

// A Saved names what a callback keeps: each entry is a pointer to a number, a truth value, a text, or a list, map or struct
// of these; Weights and *Tensor go as well. A Saved in it groups entries. NaN and infinities are numbers too.
type Saved = map[string]any

// A Stateful is a Callback whose state belongs to a checkpoint of the training: State returns pointers to it, always under
// the same names. They are read when a checkpoint is written. When a training goes on from one they are set, after the
// callback has seen TrainBegin; what a callback computes of the Run at TrainBegin needs not be among them.
//
//	func (c *counter) State() graph.State { return graph.State{"best": &c.best, "waited": &c.waited} }
type Stateful interface {
	Callback
	State() Saved
}
