package kernels

// attentionMemory is what one worker needs to compute heads. It keeps it for all heads of its piece: if workers gave their memory back
// after each head, it would move from one core's cache to another's.
type attentionMemory[T Float] struct {
	next ahead

	columns, keys, values, bias   []T // of a head
	scores, sums, factors         []T // of a block, forward
	queries, douts, dots, dscores []T // of a block, backward
	weights, noise                []T
}

// borrowAttention returns memory with unspecified contents. The caller must return it with giveBackAttention.
func borrowAttention[T Float]() *attentionMemory[T] {
	if m, ok := scratchOf[T]().attention.pop(); ok {
		return m
	}
	return new(attentionMemory[T])
}

func giveBackAttention[T Float](m *attentionMemory[T]) {
	m.next = ahead{}
	scratchOf[T]().attention.push(m)
}

// room returns n elements of b with unspecified contents, and makes b longer if it is too short.
func room[T Float](b *[]T, n int) []T {
	if cap(*b) < n {
		*b = make([]T, n)
	}
	return (*b)[:n]
}
