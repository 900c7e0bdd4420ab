package ops

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/internal/tensors"
)

// A Scan is a loop over time, the first axis of some of its inputs. Its inputs are the initial states, the sequences, each
// (time, ...), and the captures, which are the same at all times. Its output has one dimension: the final states, then the
// stacks of Outs, each from a multiple of scanAlign elements on; result returns a part of it.
type Scan struct {
	*Body
	Steps     int
	Reverse   bool    // from the last time to the first; stacks and sequences keep their order
	Recompute bool    // the derivative computes the body's values again from the states; otherwise they are stacked
	Outs      []*Node // of the body. A state among them stands for its trail: its values before each step and after the last

	live *scanLive // what is needed; Lower sets it
}

// A Body is one step of a loop, as a graph of its own.
type Body struct {
	Graph                *Graph
	States, Xs, Captures []*Node // its inputs: the states, each sequence at one time, and the captures
	Next                 []*Node // the new states
}

// scanAlign is a multiple of the elements of a cache line.
const scanAlign = 16

// A segment is a part of a Scan's output: slots of equal shape one after the other.
type segment struct {
	at, slot, slots int
}

func (s segment) end() int { return s.at + s.slot*s.slots }

// layout returns the places of the final states and of the stacks in the output, and its length.
func (s *Scan) layout() (finals, outs []segment, size int) {
	add := func(n *Node, slots int) segment {
		p := segment{size, tensors.Size(Shape(n)), slots}
		size = (p.end() + scanAlign - 1) / scanAlign * scanAlign
		return p
	}
	for _, n := range s.States {
		finals = append(finals, add(n, 1))
	}
	for _, n := range s.Outs {
		slots := s.Steps
		if slices.Contains(s.States, n) {
			slots++
		}
		outs = append(outs, add(n, slots))
	}
	return finals, outs, size
}

// part returns slots [from, to) of a segment of the Scan n, in the given shape.
func (g *Graph) part(n *Node, p segment, from, to int, shape []int) *Node {
	return g.Reshaped(g.Must(Slice{0, p.at + from*p.slot, p.at + to*p.slot}, n), shape)
}

// before and after return the first slot of a trail's values before each step and after each step, and the initial slot.
func (s *Scan) before() int {
	if s.Reverse {
		return 1
	}
	return 0
}

func (s *Scan) after() int { return 1 - s.before() }

func (s *Scan) initial() int { return s.before() * s.Steps }

// stacked returns the shape of a stack of a node's values.
func (s *Scan) stacked(n *Node) []int { return append([]int{s.Steps}, Shape(n)...) }

// trail returns the stack of the values of state i before each step, or after it, given the Scan's node.
func (s *Scan) trail(g *Graph, n *Node, i, first int) *Node {
	_, outs, _ := s.layout()
	p := outs[slices.Index(s.Outs, s.States[i])]
	return g.part(n, p, first, first+s.Steps, s.stacked(s.States[i]))
}

// stack returns the stack of Outs[j], which is not a state, given the Scan's node.
func (s *Scan) stack(g *Graph, n *Node, j int) *Node {
	_, outs, _ := s.layout()
	return g.part(n, outs[j], 0, s.Steps, s.stacked(s.Outs[j]))
}

// final returns the final value of state i, given the Scan's node.
func (s *Scan) final(g *Graph, n *Node, i int) *Node {
	finals, _, _ := s.layout()
	return g.part(n, finals[i], 0, 1, Shape(s.States[i]))
}

// String implements Def. It names the body by a hash of all its operations.
func (s *Scan) String() string {
	number := map[*Node]int{}
	var b strings.Builder
	for _, list := range [][]*Node{s.States, s.Xs, s.Captures} {
		for _, n := range list {
			number[n] = len(number)
			fmt.Fprint(&b, Shape(n))
		}
		fmt.Fprintln(&b)
	}
	for _, n := range Needed(s.roots()...) {
		o := Of(n)
		if o == nil {
			continue
		}
		number[n] = len(number)
		fmt.Fprintf(&b, "%T %s", o.Def, o.Def)
		for _, in := range o.In {
			fmt.Fprint(&b, " ", number[in])
		}
		fmt.Fprintln(&b)
	}
	for _, n := range s.roots() {
		fmt.Fprint(&b, " ", number[n])
	}
	way := ""
	if s.Reverse {
		way = ", reverse"
	}
	if s.Recompute {
		way += ", recompute"
	}
	return fmt.Sprintf("Scan(%d steps, %d states, %d stacks%s, body %x)", s.Steps, len(s.States), len(s.Outs), way, sha256.Sum256([]byte(b.String())))
}

// roots returns the nodes of the body that a step computes.
func (s *Scan) roots() []*Node { return slices.Concat(s.Next, s.Outs) }

// Infer implements Def.
func (s *Scan) Infer(in [][]int) ([]int, error) {
	states, xs := len(s.States), len(s.Xs)
	if want := states + xs + len(s.Captures); len(in) != want {
		return nil, fmt.Errorf("got %d inputs, want %d", len(in), want)
	}
	for i, shape := range in {
		var want []int
		switch {
		case i < states:
			want = Shape(s.States[i])
		case i < states+xs:
			want = s.stacked(s.Xs[i-states])
		default:
			want = Shape(s.Captures[i-states-xs])
		}
		if !slices.Equal(shape, want) {
			return nil, fmt.Errorf("input %d: got shape %v, want %v", i, shape, want)
		}
	}
	for i, n := range s.Next {
		if !slices.Equal(Shape(n), Shape(s.States[i])) {
			return nil, fmt.Errorf("state %d: got shape %v after a step, want %v as before it", i, Shape(n), Shape(s.States[i]))
		}
	}
	size := 0
	for _, n := range slices.Concat(s.States, s.Outs) {
		if err := CheckSize(s.stacked(n)); err != nil {
			return nil, err
		}
		size += s.Steps * tensors.Size(Shape(n))
		if err := CheckSize([]int{size}); err != nil {
			return nil, err
		}
	}
	_, _, length := s.layout()
	return []int{length}, nil
}
