package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/nndiy/nndiy/internal/tensors"
)

// A Stream predicts a sequence that comes in pieces, such as events one at a time. It keeps the states of the network between
// calls: the outputs for the pieces of a sequence are those of Predict for the whole sequence. Model.Stream makes it; the zero value
// returns errors.
type Stream struct {
	m    *Model
	plan *streamPlan

	mu sync.Mutex // held during a call
	streamMemory
	inputs [][]int // the shapes in the last key
	key    programKey
	values []*Tensor // of the program's inputs
	tables []*Tensor
}

// Stream returns a Stream that is at the start of a sequence. A model may have any number of streams; they share its parameters and
// its programs, and different ones may be used at the same time.
//
// The time is the dimension of Config.Input that is graph.Any, the first one if there are several, and the first dimension if none
// is: a network for a fixed number of steps can be streamed too. An additional input has the same time, or belongs to the whole
// sequence: then each call must get it again.
//
// The output at each time must depend only on that time and on earlier ones. Stream finds out from the operations whether it does,
// and returns an error that names the layer if it does not, or if that is not known of an operation. Recurrent layers, causal
// convolutions with stride 1, causal attention, PositionalEncoding, loops (Scope.Scan), and all layers that treat each time step by
// itself can be streamed; Reverse, Bidirectional, poolings and means over the time, and other convolutions and attention cannot. An
// output without the time, such as that of an LSTM without ReturnSequences, is the one after the last step so far. Layers of your
// own look back in time with Scope.Scan, Scope.Past and Scope.History, and count it with Scope.TimeTable or Scope.Waves.
func (m *Model) Stream() (*Stream, error) {
	if err := m.made(); err != nil {
		return nil, public("Stream", err)
	}
	plan, err := m.streamPlan()
	if err != nil {
		return nil, public("Stream", err)
	}
	return &Stream{m: m, plan: plan}, nil
}

// Next returns the main output for the next piece of the sequence, x, which has the shape (n, Input...) with any number of time
// steps, at least one. The first call after Reset fixes the number n of rows, which are sequences of their own. After an error the
// Stream is as it was before the call. An error of x is an ErrInput; more steps than a layer allows, as PositionalEncoding.Max does,
// are one too. A call while another one runs is an error.
//
// Bits: on one machine, the output has the same bits however the sequence is cut, and those of Predict, except with attention,
// convolutions and derivatives, where the last bits may differ. The parameters are those at the time of the call. Each number of
// steps in a piece, and of rows, has a program of its own, see Predict.
func (s *Stream) Next(ctx context.Context, x *Tensor) (*Tensor, error) {
	var y *Tensor
	err := s.call(func() error {
		if len(s.m.ins) > 1 {
			return fmt.Errorf("got one input, want %d: use NextAll", len(s.m.ins))
		}
		s.values = append(s.values[:0], x)
		return s.run(ctx, func(i int, t *Tensor) {
			if i == 0 {
				y = tensors.Clone(t)
			}
		})
	})
	return y, public("Next", err)
}

// NextAll is Next for a network with several inputs or outputs. It takes all inputs and returns all outputs by name, as
// Model.PredictAll does. In an input that belongs to the whole sequence, initial states are used only in the first call.
func (s *Stream) NextAll(ctx context.Context, inputs map[string]*Tensor) (map[string]*Tensor, error) {
	named := map[string]*Tensor{}
	err := s.call(func() error {
		if err := checkNames(inputs, "input", s.m.inNames()); err != nil {
			return badInput(err)
		}
		s.values = s.values[:0]
		for _, in := range s.m.ins {
			s.values = append(s.values, inputs[in.name])
		}
		return s.run(ctx, func(i int, t *Tensor) { named[s.m.outs[i].name] = tensors.Clone(t) })
	})
	if err != nil {
		return nil, public("NextAll", err)
	}
	return named, nil
}

// Reset returns to the start: the next piece is the first one of another sequence, with any number of rows. It waits for a call
// that runs.
func (s *Stream) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.streamMemory = streamMemory{}
}

// Clone returns a Stream at the same place of the same sequence, which can go on with other pieces, as a beam search does. It waits
// for a call that runs.
func (s *Stream) Clone() *Stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &Stream{m: s.m, plan: s.plan, streamMemory: s.streamMemory.clone()}
}

var errTwoCalls = errors.New("got a Stream used from two goroutines at once, want one call at a time: use a Stream for each sequence")

// call calls f unless another call runs.
func (s *Stream) call(f func() error) error {
	if s.m == nil {
		return errors.New("got the zero Stream, want one from Model.Stream")
	}
	if !s.mu.TryLock() {
		return errTwoCalls
	}
	defer s.mu.Unlock()
	defer func() { clear(s.values) }()
	return f()
}

// run computes the outputs for the inputs in s.values, calls out for each, and then advances.
func (s *Stream) run(ctx context.Context, out func(i int, t *Tensor)) error {
	if err := ended(ctx); err != nil {
		return err
	}
	steps, err := s.setKey()
	if err != nil {
		return badInput(err)
	}
	p, err := s.m.program(ctx, s.key)
	if err != nil {
		return err
	}
	defer s.m.release(s.key, p)
	s.setTables(steps)
	s.values = append(append(append(s.values, s.tables...), s.states...), s.histories...)
	if err := s.m.store.read(func() error { return p.Run(s.m.noise(0, s.key.inputs), s.values...) }); err != nil {
		return badRun(err)
	}
	for i := range p.Predictions() {
		out(i, p.Prediction(i))
	}
	s.advance(p, s.key.batch, steps, s.plan.most)
	return nil
}

// setKey checks the inputs and sets the key of their program. It returns the number of time steps.
func (s *Stream) setKey() (steps int, err error) {
	rows := 0
	for i, in := range s.plan.ports {
		x := s.values[i]
		n, err := in.rows(x)
		if err != nil {
			return 0, err
		}
		time := steps
		if axis := s.plan.axes[i]; axis >= 0 {
			time = x.Shape()[1+axis]
		}
		switch {
		case n == 0:
			return 0, fmt.Errorf("%s: got shape %v, want at least one row", in.name, []int(x.Shape()))
		case i == 0:
			steps, rows = time, n
		case n != rows:
			return 0, fmt.Errorf("%s: got %d rows, want %d as in %s", in.name, n, rows, MainInput)
		case time != steps:
			return 0, fmt.Errorf("%s: got %d time steps, want %d as in %s", in.name, time, steps, MainInput)
		}
	}
	if s.batch > 0 && rows != s.batch {
		return 0, fmt.Errorf("%s: got %d rows, want %d as in the calls before; Reset begins another sequence", MainInput, rows, s.batch)
	}
	if most := s.plan.most; most > 0 && s.steps+steps > most {
		where := s.plan.limiter
		if where != "" {
			where = " in " + where
		}
		return 0, fmt.Errorf("%s: got %d time steps after %d, want at most %d in all, the limit%s", MainInput, steps, s.steps, most, where)
	}
	shapes := s.values[:len(s.plan.ports)]
	if !slices.EqualFunc(s.inputs, shapes, func(want []int, x *Tensor) bool { return slices.Equal(want, x.Shape()[1:]) }) {
		s.inputs = nil
		for _, x := range shapes {
			s.inputs = append(s.inputs, slices.Clone(x.Shape()[1:]))
		}
		s.key.inputs = encodeShapes(s.inputs)
	}
	s.key.mode, s.key.batch, s.key.room = startMode, rows, s.room
	if s.batch > 0 {
		s.key.mode = continueMode
	}
	return steps, nil
}

// setTables fills the tables of times for the given number of steps from the current one on.
func (s *Stream) setTables(steps int) {
	for i, t := range s.plan.tables {
		if len(s.tables) <= i {
			s.tables = append(s.tables, nil)
		}
		if s.tables[i] == nil || s.tables[i].Shape()[0] != steps {
			s.tables[i] = tensors.New(s.m.cfg.DType, append([]int{steps}, t.shape...))
		}
		fillTable(s.tables[i], t, s.steps)
	}
}
