package graph

import (
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// A streamBuild is what a builder knows and collects for a Stream. Layers ask for loops, earlier steps and tables in the same order
// in all graphs of a network. Its first graph is for an analysis, which finds out what of this is along the time of the stream.
type streamBuild struct {
	analysis bool
	steps    int // in the analysis, the length of the piece
	asked    []request
	room     int // places for the steps before the piece in histories

	first   bool   // no steps are before the piece
	carries []bool // for each request: whether it is along the time
	calls   int    // requests so far

	states    []streamState // replaced after each piece
	histories []streamState // to which each piece adds its steps
	tables    []timeTable
	masks     map[*ops.Node]Node // of histories, by those of the pieces
	joined    map[*ops.Node]int  // of histories: the nodes that begin with the steps before
}

// A request is what the analysis knows of a request of a layer.
type request struct {
	loop  []Node    // the sequences of a loop
	past  *ops.Node // begins with the last steps before the piece
	steps int       // that it begins with, or that are allowed
	whole *ops.Node // begins with all steps before the piece
	timed bool

	limited *ops.Node // has at most so many steps along the axis, for the layer where
	axis    int
	where   string
}

// A streamState is a value that a Stream keeps between calls.
type streamState struct {
	before Node // an input; the zero Node if there are no earlier steps
	next   Node // of a history: the steps that are added
}

// A timeTable is an input that a Stream fills.
type timeTable struct {
	n     Node
	f     func(t, i int) float64
	shape []int // of one time
}

func newStreamBuild() *streamBuild {
	return &streamBuild{masks: map[*ops.Node]Node{}, joined: map[*ops.Node]int{}}
}

// ask reports whether a request is along the time of the stream.
func (st *streamBuild) ask(r request) bool {
	if st == nil {
		return false
	}
	if st.analysis {
		st.asked = append(st.asked, r)
		return true
	}
	st.calls++
	return st.calls <= len(st.carries) && st.carries[st.calls-1]
}

// loop is ask for a loop over xs; the analysis leaves loops as they are.
func (st *streamBuild) loop(xs []Node) bool { return st.ask(request{loop: xs}) && !st.analysis }

// table is ask for a table of times.
func (st *streamBuild) table(time int) bool {
	if st == nil || !st.analysis {
		return st.ask(request{})
	}
	return st.ask(request{timed: time == st.steps}) && time == st.steps
}

// carry returns the states with which a loop begins, and where keep is to put those that it ends with.
func (st *streamBuild) carry(b *builder, init []Node) (at int, begin []Node) {
	at = len(st.states)
	for _, x := range init {
		s := streamState{}
		if !st.first {
			x = b.input("state", x.Shape())
			s.before = x
		}
		st.states, begin = append(st.states, s), append(begin, x)
	}
	return at, begin
}

func (st *streamBuild) keep(at int, next []Node) {
	for i, x := range next {
		st.states[at+i].next = x
	}
}

// past returns x with n steps before it; padded is x after zeros.
func (st *streamBuild) past(b *builder, x, padded Node, axis, n int) Node {
	start := x.Shape()
	time := start[axis]
	start[axis] = n
	s, y := streamState{}, padded
	if !st.first {
		s.before = b.input("state", start)
		y = Concat(axis, s.before, x)
	}
	s.next = y.Slice(axis, time, time+n)
	st.states = append(st.states, s)
	if st.analysis {
		r := &st.asked[len(st.asked)-1]
		r.past, r.steps = y.n, n
	}
	return y
}

// history returns x with all steps before it.
func (st *streamBuild) history(b *builder, x Node) Node {
	s, y := streamState{next: x}, x
	if !st.first {
		shape := slices.Clone(x.Shape())
		shape[1] = st.room
		s.before = b.input("history", shape)
		y = Concat(1, s.before, x)
		st.joined[y.n] = st.room
	}
	st.histories = append(st.histories, s)
	if st.analysis {
		st.asked[len(st.asked)-1].whole = y.n
	}
	return y
}
