package ops

// Needed returns the nodes that the given ones are made of, themselves included, inputs before outputs.
func Needed(roots ...*Node) []*Node { return sorted(roots...) }
