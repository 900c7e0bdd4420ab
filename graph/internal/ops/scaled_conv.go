package ops

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/internal/tensors"
)

// scaledLimit is the largest number of elements of all weights that scaledConvs replaces in a program: they are copies.
const scaledLimit = settledLimit / 2

// A scaled is a node with the values of conv·scale + shift. scale and shift have a number for each channel, from parameters alone, and may
// be nil.
type scaled struct{ conv, scale, shift *Node }

// A scaling finds convolutions that are scaled afterwards, as by a batch normalization with running statistics, and replaces them.
type scaling struct {
	g       *Graph
	settled map[*Node]bool // nodes that depend on parameters alone
	users   map[*Node]int  // an output has one more
	of      map[*Node]scaled
	last    map[*Node]*Node // of each convolution, the last node that is a scaled of it
	now     map[*Node]*Node // the nodes in place of others
}

// scaledConvs returns nodes with the values of outputs, for a program that does not change parameters: where a scale follows a convolution,
// the weights have it as a factor, and what is added is a bias. The program computes both when parameters have changed. ok is false
// if there is nothing to replace.
func (g *Graph) scaledConvs(order, outputs []*Node) (changed []*Node, ok bool) {
	s := scaling{g, g.settled(order, math.MaxInt), map[*Node]int{}, map[*Node]scaled{}, map[*Node]*Node{}, map[*Node]*Node{}}
	defer func(where string, p Phase) { g.Where, g.phase = where, p }(g.Where, g.phase)
	s.find(order, outputs)
	left := scaledLimit
	for _, n := range order {
		o := Of(n)
		if o == nil {
			continue
		}
		f := s.of[n]
		if f.conv != nil && s.last[f.conv] == n && f.scale != nil && sizeOf(Of(f.conv).In[1]) <= left {
			left -= sizeOf(Of(f.conv).In[1])
			s.now[n] = s.replaced(f, n)
			continue
		}
		s.copy(n)
	}
	for _, n := range outputs {
		changed = append(changed, renamed(s.now, n))
	}
	return changed, left < scaledLimit
}

// find sets users, of and last for nodes in order, inputs before outputs.
func (s *scaling) find(order, outputs []*Node) {
	for _, n := range outputs {
		s.users[n]++
	}
	for _, n := range order {
		if o := Of(n); o != nil {
			for _, x := range o.In {
				s.users[x]++
			}
		}
	}
	for _, n := range order {
		if f, ok := s.match(n); ok {
			s.of[n], s.last[f.conv] = f, n
		}
	}
}

// match returns n as a scaled.
func (s *scaling) match(n *Node) (f scaled, ok bool) {
	o := Of(n)
	if o == nil || s.settled[n] {
		return f, false
	}
	switch d := o.Def.(type) {
	case Conv:
		return scaled{conv: n}, d.Part == ConvForward && s.settled[o.In[1]]
	case Reshape:
		f, ok = s.before(o.In[0])
		return f, ok && len(o.Shape) > 2 && slices.Equal(o.Shape[:2], Shape(f.conv)[:2])
	case Map:
		x, by := o.In[0], o.In[len(o.In)-1]
		if s.settled[x] && d.Code != Sub {
			x, by = by, x
		}
		if f, ok = s.before(x); !ok || d.Code != Add && d.Code != Sub && d.Code != Mul {
			return f, false
		}
		by = s.byChannel(by, o.Shape)
		if by == nil {
			return f, false
		}
		s.g.Where, s.g.phase = o.Where, o.Phase
		if d.Code == Mul {
			f.scale = s.g.orNew(Mul, f.scale, by)
			if f.shift != nil {
				f.shift = s.g.m2(Mul, f.shift, by)
			}
			return f, true
		}
		if d.Code == Sub {
			by = s.g.m1(Neg, by)
		}
		f.shift = s.g.orNew(Add, f.shift, by)
		return f, true
	}
	return f, false
}

// before returns x as a scaled, if nothing else uses it.
func (s *scaling) before(x *Node) (f scaled, ok bool) {
	f, ok = s.of[x]
	return f, ok && s.users[x] == 1
}

// orNew returns a function of two nodes, or b if there is no a.
func (g *Graph) orNew(c Code, a, b *Node) *Node {
	if a == nil {
		return b
	}
	return g.m2(c, a, b)
}

// byChannel returns a settled operand of an output of the given shape as one number for each channel, nil if it is something else.
func (s *scaling) byChannel(n *Node, shape []int) *Node {
	if !s.settled[n] {
		return nil
	}
	if _, repeat := defOf(n).(Broadcast); repeat {
		n = Of(n).In[0]
	}
	own, channels := Shape(n), shape[1]
	size := tensors.Size(own)
	if size != 1 && (size != channels || dimFromEnd(own, len(shape)-1) != channels) {
		return nil
	}
	n, err := s.g.BroadcastTo(s.g.Reshaped(n, []int{size}), []int{channels})
	if err != nil {
		return nil
	}
	return n
}

// replaced returns the node in place of n, which is f.
func (s *scaling) replaced(f scaled, n *Node) *Node {
	conv := Of(f.conv)
	x, w := renamed(s.now, conv.In[0]), conv.In[1]
	channel := func(v *Node, dims, shape []int) *Node {
		return s.g.Must(Broadcast{Encode(shape)}, s.g.Reshaped(v, dims))
	}
	s.g.Where, s.g.phase = conv.Where, conv.Phase
	outs := Shape(w)[0]
	y := s.g.Must(conv.Def, x, s.g.m2(Mul, w, channel(f.scale, []int{outs, 1, 1, 1}, Shape(w))))
	if f.shift != nil {
		y = s.g.m2(Add, y, channel(f.shift, []int{outs, 1, 1}, conv.Shape))
	}
	return s.g.Reshaped(y, Shape(n))
}

// copy adds a copy of n if its inputs are other ones now.
func (s *scaling) copy(n *Node) {
	o := Of(n)
	in := make([]*Node, len(o.In))
	for i, x := range o.In {
		in[i] = renamed(s.now, x)
	}
	if slices.Equal(in, o.In) {
		return
	}
	s.g.Where, s.g.phase = o.Where, o.Phase
	if _, ok := o.Def.(Reshape); ok {
		s.now[n] = s.g.Reshaped(in[0], o.Shape)
		return
	}
	s.now[n] = s.g.add(o.Def, o.Shape, in)
}
