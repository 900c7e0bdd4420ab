package graph

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/internal/kernels"
)

type mode int

const (
	predictMode  mode = iota // the main output
	everyMode                // all outputs
	evaluateMode             // the loss, and the predictions that metrics need
	trainMode                // those of evaluateMode, the gradients and the new values of states
	startMode                // all outputs for the first piece of a Stream, and its states
	continueMode             // the same for a later piece
)

// predicts reports whether the program takes no targets.
func (m mode) predicts() bool { return m == predictMode || m == everyMode }

// A programKey identifies a program of a model.
type programKey struct {
	mode    mode
	batch   int
	inputs  string  // the shapes of the inputs, without the batch, if a dimension varies; see encodeShapes
	targets string  // the shapes of the targets, without the batch; see encodeShapes
	weights string  // the shape of the weights, without the batch, encoded; "" for none
	choice  *choice // the parameters that are trained; nil unless the mode is trainMode
	room    int     // of continueMode: places for earlier steps in histories
	lane    int     // number of the worker, if each predicts samples apart

	shard bool          // the gradients are those of the sum over the samples, and pool's workers compute
	pool  *kernels.Pool // nil for one worker; only for a shard
}

// newProgram compiles the program for a key.
func (m *Model) newProgram(key programKey) (*program.Program, error) {
	if key.mode == startMode || key.mode == continueMode {
		return m.streamProgram(key, &ops.Env{Pool: m.pool, Packs: &m.store.params.packs})
	}
	e, err := m.emit(key.batch, m.shapesOf(key.inputs), key.mode == trainMode || m.training)
	if err != nil {
		return nil, m.blameShapes(err, key.inputs)
	}
	env := &ops.Env{Pool: m.pool, Packs: &m.store.params.packs}
	if key.mode.predicts() {
		return m.predictor(key, e, env)
	}
	shapes := decodeShapes(key.targets)
	for i, s := range shapes {
		shapes[i] = append([]int{key.batch}, s...)
	}
	var weight []int
	if key.weights != "" {
		weight = append([]int{key.batch}, ops.Decode(key.weights)...)
	}
	loss, err := m.emitLoss(e, shapes, weight)
	if err != nil {
		return nil, err
	}
	inputs := append(slices.Clone(e.x), loss.targets...)
	if weight != nil {
		inputs = append(inputs, loss.weight)
	}
	out := outputs{loss: loss.total, parts: loss.parts, logs: e.b.logs, valid: loss.valid}
	for _, o := range m.outs {
		if len(o.Metrics) > 0 {
			y, err := e.output(o)
			if err != nil {
				return nil, err
			}
			out.predictions = append(out.predictions, y)
		}
	}
	if key.mode == trainMode {
		wrt := make([]Node, len(key.choice.trained))
		for i, p := range key.choice.trained {
			wrt[i] = e.b.paramNode(p)
		}
		total := loss.total
		if key.shard {
			if env.Pool = key.pool; !m.countsElements(func(place int) bool { return !none(loss.valid[place]) }) {
				total = total.Scale(float64(key.batch))
			}
		}
		out.gradients, out.states = Grad(total, wrt...), e.b.states.updates
		env.Packs = nil // each step changes the parameters
	}
	return e.b.compile(inputs, out, env)
}

// predictor returns a program for prediction.
func (m *Model) predictor(key programKey, e emission, env *ops.Env) (*program.Program, error) {
	out := outputs{predictions: []Node{e.y}}
	if key.mode == everyMode {
		for _, o := range m.outs[1:] {
			y, err := e.output(o)
			if err != nil {
				return nil, err
			}
			out.predictions = append(out.predictions, y)
		}
	}
	return e.b.compile(e.x, out, env)
}

// outputs are the nodes that a program computes; see program.Outputs.
type outputs struct {
	loss                          Node // the zero Node if there is none
	parts, predictions, gradients []Node
	logs                          []namedNode
	valid                         []Node // may have zero Nodes
	states                        []stateUpdate
}

// compile compiles the graph into a program that uses the store's parameters.
func (b *builder) compile(inputs []Node, out outputs, env *ops.Env) (*program.Program, error) {
	var err error
	nodes := func(list []Node) []*ops.Node {
		var nodes []*ops.Node
		for _, x := range list {
			if err == nil {
				err = x.err
			}
			nodes = append(nodes, x.n)
		}
		return nodes
	}
	s := program.Spec{Graph: b.g, Inputs: nodes(inputs), Env: env}
	s.Outputs = program.Outputs{Parts: nodes(out.parts), Predictions: nodes(out.predictions), Gradients: nodes(out.gradients)}
	s.Outputs.Valid = nodes(out.valid)
	if !none(out.loss) {
		s.Outputs.Loss = nodes([]Node{out.loss})[0]
	}
	for _, l := range out.logs {
		s.Outputs.Logs = append(s.Outputs.Logs, ops.Named{Name: l.name, Node: nodes([]Node{l.node})[0]})
	}
	for _, u := range out.states {
		s.Outputs.States = append(s.Outputs.States, ops.Named{Name: u.name, Node: nodes([]Node{u.value})[0]})
	}
	if err != nil {
		return nil, err
	}
	for _, name := range b.order {
		s.Params = append(s.Params, program.Param{Name: name, Node: b.params[name].n, Value: b.store.byName[name].value})
	}
	p, err := program.Compile(s)
	if err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	return p, nil
}

// paramNode returns the node of a parameter, even if this graph does not use it.
func (b *builder) paramNode(p *parameter) Node {
	if n, ok := b.params[p.name]; ok && b.err == nil {
		return n
	}
	return b.param(b.root, p.name, nil, p.shape, p.trained)
}

// countsElements reports whether the loss is a mean over the elements that count, of which only a run of the program knows the number.
// masked reports it for an output, by its place among those that have a loss or metrics.
func (m *Model) countsElements(masked func(place int) bool) bool {
	losses, place, at := 0, 0, 0
	for _, o := range m.outs {
		if o.Loss != nil {
			losses, at = losses+1, place
		}
		if o.measured() {
			place++
		}
	}
	return losses == 1 && masked(at)
}
