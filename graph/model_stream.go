package graph

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/internal/program"
)

// A streamPlan says how the network of a model is computed piece by piece.
type streamPlan struct {
	once sync.Once
	err  error // why it cannot be

	axes    []int    // the dimension of a sample that is the time, for each input; -1 if the input has none
	ports   []inPort // the inputs, with Any for the time
	carries []bool   // see streamBuild
	tables  []timeTable
	most    int // limit of the steps; 0 means none
	limiter string
}

// streamSteps are numbers of steps of the graphs that are analyzed: primes that no layer is likely to have as a size.
var streamSteps = rowPrimes

// analysisRoom is the number of earlier steps in the graphs that are analyzed.
const analysisRoom = 5

// streamPlan analyzes the network when it is first called.
func (m *Model) streamPlan() (*streamPlan, error) {
	p := &m.programs.stream
	p.once.Do(func() { p.err = m.planStream(p) })
	return p, p.err
}

func (m *Model) planStream(p *streamPlan) error {
	if err := m.findTimes(p); err != nil {
		return err
	}
	for i := 0; i+1 < len(streamSteps); i += 2 {
		first, second := streamSteps[i], streamSteps[i+1]
		a, err := m.analysisGraph(p, first)
		if err != nil {
			return err
		}
		b, err := m.analysisGraph(p, second)
		if err != nil {
			return err
		}
		if hasSize(a.all, b.all, first) || hasSize(b.all, a.all, second) {
			continue
		}
		time := &ops.Timeline{Steps: first, Inputs: a.timed, Past: map[*ops.Node]int{}, Before: a.b.stream.joined}
		for _, r := range a.b.stream.asked {
			if r.past != nil {
				time.Past[r.past] = r.steps
			}
		}
		err = time.Check(a.outputs)
		if err == nil {
			err = time.SameValues(a.outputs, second, b.outputs)
		}
		if err != nil {
			return m.notStreamable(err)
		}
		p.finish(time, a.b.stream)
		return nil
	}
	return errors.New("got sizes in the network that are multiples of all numbers of time steps that were tried, want others")
}

// finish sets what the analysis has found.
func (p *streamPlan) finish(time *ops.Timeline, st *streamBuild) {
	for _, r := range st.asked {
		carries := r.timed
		for _, x := range r.loop {
			carries = carries || time.Along(x.n, 0)
		}
		for _, n := range []*ops.Node{r.past, r.whole} {
			carries = carries || n != nil && time.Grows(n)
		}
		p.carries = append(p.carries, carries)
		if r.limited != nil && time.Along(r.limited, r.axis) && (p.most == 0 || r.steps < p.most) {
			p.most, p.limiter = r.steps, r.where
		}
	}
	p.tables = st.tables
}

// notStreamable explains an error of the analysis.
func (m *Model) notStreamable(err error) error {
	var t *ops.TimelineError
	if !errors.As(err, &t) {
		return err
	}
	where := t.Where
	if _, ok := m.net.(LayerFunc); where == "" && !ok {
		where = kindOf(m.net)
	}
	if where != "" {
		where += ": "
	}
	return fmt.Errorf("%s%w; want layers whose output at a time depends on that time and earlier ones, such as recurrent layers that are not "+
		"reversed, causal convolutions and attention, and layers that treat each time step by itself", where, err)
}

// An analysisGraph is a graph of the network for the analysis.
type analysisGraph struct {
	emission
	all     *ops.Expression
	timed   map[*ops.Node]int // the inputs that have the time, and their axis of it
	outputs []*ops.Node
}

func (m *Model) analysisGraph(p *streamPlan, steps int) (g analysisGraph, err error) {
	st := newStreamBuild()
	st.analysis, st.steps, st.room = true, steps, analysisRoom
	if g.emission, err = m.emitStream(st, probeBatch, p.shapes(m.probes[0], steps)); err != nil {
		return g, fmt.Errorf("%w; got this with %d time steps, want a network that takes any number", err, steps)
	}
	g.timed, g.all = map[*ops.Node]int{}, new(ops.Expression)
	for i, axis := range p.axes {
		if axis >= 0 {
			g.timed[g.x[i].n] = axis + 1
		}
	}
	for _, t := range st.tables {
		g.timed[t.n.n] = 0
	}
	for _, o := range m.outs {
		y, err := g.output(o)
		if err != nil {
			return g, err
		}
		g.outputs = append(g.outputs, y.n)
		g.all.Outputs = append(g.all.Outputs, ops.Named{Name: o.name, Node: y.n})
	}
	return g, nil
}

// emitStream is emit for a graph that st collects.
func (m *Model) emitStream(st *streamBuild, batch int, shapes sampleShapes) (emission, error) {
	b := newBuilder(m.store, m.training)
	b.stream = st
	return m.emitIn(b, batch, shapes)
}

// shapes returns the shapes of samples with the given number of time steps.
func (p *streamPlan) shapes(samples sampleShapes, steps int) sampleShapes {
	s := samples.clone()
	for i, axis := range p.axes {
		if axis >= 0 {
			s[i][axis] = steps
		}
	}
	return s
}

// findTimes finds the dimension that is the time in each input: that of the main input is its first Any, or without one its first
// dimension. Another input has the same time if the network needs the same size in its first dimension that is Any, or is as large
// as the time of the main input.
func (m *Model) findTimes(p *streamPlan) error {
	p.axes = make([]int, len(m.ins))
	size := 0
	for i, in := range m.ins {
		axis := slices.Index(in.shape, Any)
		if i == 0 {
			axis = max(axis, 0)
			size = in.shape[axis]
		} else if axis < 0 && size != Any {
			axis = slices.Index(in.shape, size)
		}
		p.axes[i] = axis
	}
	for i := 1; i < len(m.ins); i++ {
		if p.axes[i] < 0 {
			continue
		}
		shapes := p.shapes(m.probes[0], streamSteps[0])
		shapes[i][p.axes[i]] = streamSteps[2]
		st := newStreamBuild()
		st.analysis, st.steps, st.room = true, streamSteps[0], analysisRoom
		if _, err := m.emitStream(st, probeBatch, shapes); err == nil {
			p.axes[i] = -1
		}
	}
	for i, in := range m.ins {
		in.shape = slices.Clone(in.shape)
		if axis := p.axes[i]; axis >= 0 {
			in.shape[axis] = Any
		}
		p.ports = append(p.ports, in)
	}
	return nil
}

// streamProgram returns the program for a key whose mode is startMode or continueMode. Its inputs are those of the model, the
// tables, the states and the histories, its predictions are all outputs, and its states are the new states and the steps to add to
// the histories.
func (m *Model) streamProgram(key programKey, env *ops.Env) (*program.Program, error) {
	plan, err := m.streamPlan()
	if err != nil {
		return nil, err
	}
	st := newStreamBuild()
	st.first, st.room, st.carries = key.mode == startMode, key.room, plan.carries
	e, err := m.emitStream(st, key.batch, m.shapesOf(key.inputs))
	if err != nil {
		return nil, m.blameShapes(err, key.inputs)
	}
	if st.calls != len(plan.carries) || len(st.tables) != len(plan.tables) {
		return nil, fmt.Errorf("got %d loops, tables and looks back in time from the network, want %d as for other numbers of steps", st.calls, len(plan.carries))
	}
	out, inputs := outputs{}, slices.Clone(e.x)
	for _, o := range m.outs {
		y, err := e.output(o)
		if err != nil {
			return nil, err
		}
		out.predictions = append(out.predictions, y)
	}
	for _, t := range st.tables {
		inputs = append(inputs, t.n)
	}
	for i, s := range slices.Concat(st.states, st.histories) {
		if !st.first {
			inputs = append(inputs, s.before)
		}
		name := replaced
		if i >= len(st.states) {
			name = added
		}
		out.states = append(out.states, stateUpdate{name, s.next})
	}
	return e.b.compile(inputs, out, env)
}
