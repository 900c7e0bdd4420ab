package datasets

import (
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph"
)

// A stack collects samples into a batch. All have the same tensors, with the same dimensions and element types.
type stack struct {
	like  graph.Batch // a batch with the same tensors
	parts []stackPart
	rows  int
	seen  int // samples of the batches before the one that was opened last
}

// A stackPart is a tensor of a stack.
type stackPart struct {
	name  string        // as eachTensor names it
	shape []int         // of one sample
	width int           // elements of one sample
	data  reflect.Value // a slice of the elements
}

// An opened batch is ready to be read row by row.
type opened struct {
	rows  int
	parts []reflect.Value // the elements of each tensor
}

// open prepares a batch for reading. The first one decides what all samples are like.
func (s *stack) open(b graph.Batch) (o opened, err error) {
	if o.rows, err = sampleCount(b); err != nil {
		return o, err
	}
	first, other := s.parts == nil, false
	_, err = eachTensor(b, func(name string, t *graph.Tensor) (*graph.Tensor, error) {
		v, err := memoryOf(t)
		if err != nil {
			return nil, err
		}
		at := len(o.parts)
		if first {
			shape := slices.Clone([]int(t.Shape())[1:])
			s.parts = append(s.parts, stackPart{name, shape, rowWidth(t), reflect.MakeSlice(v.Type(), 0, 0)})
		}
		if other = other || at >= len(s.parts) || s.parts[at].name != name; other {
			return t, nil
		}
		p := s.parts[at]
		if got := []int(t.Shape())[1:]; !slices.Equal(got, p.shape) || v.Type() != p.data.Type() {
			return nil, fmt.Errorf("got samples of shape %v of %v, want %v of %v as before", got, v.Type().Elem(), p.shape, p.data.Type().Elem())
		}
		o.parts = append(o.parts, v)
		return t, nil
	})
	if err == nil && (other || len(o.parts) != len(s.parts)) {
		err = fmt.Errorf("got the tensors %s, want %s as in the samples before", namesOf(b), namesOf(s.like))
	}
	if err != nil {
		return o, fmt.Errorf("batch after %d samples: %w", s.seen, err)
	}
	if first {
		s.like = b
	}
	s.seen += o.rows
	return o, nil
}

// namesOf lists the tensors of a batch for an error.
func namesOf(b graph.Batch) string {
	var names []string
	_, _ = eachTensor(b, func(name string, t *graph.Tensor) (*graph.Tensor, error) {
		names = append(names, name)
		return t, nil
	})
	return strings.Join(names, ", ")
}

// add appends n samples of a batch, from number lo on.
func (s *stack) add(o opened, lo, n int) {
	for i := range s.parts {
		p := &s.parts[i]
		p.data = reflect.AppendSlice(p.data, o.parts[i].Slice(lo*p.width, (lo+n)*p.width))
	}
	s.rows += n
}

// move appends the sample with the given number of another stack with the same tensors.
func (s *stack) move(from *stack, row int) {
	if s.parts == nil {
		s.like = from.like
		for _, p := range from.parts {
			s.parts = append(s.parts, stackPart{p.name, p.shape, p.width, reflect.MakeSlice(p.data.Type(), 0, 0)})
		}
	}
	for i := range s.parts {
		p := &s.parts[i]
		p.data = reflect.AppendSlice(p.data, from.parts[i].data.Slice(row*p.width, (row+1)*p.width))
	}
	s.rows++
}

// set replaces the sample with the given number by sample i of a batch.
func (s *stack) set(row int, o opened, i int) {
	for k, p := range s.parts {
		reflect.Copy(p.data.Slice(row*p.width, (row+1)*p.width), o.parts[k].Slice(i*p.width, (i+1)*p.width))
	}
}

// drop removes the last sample, after it has taken the place of the one with the given number.
func (s *stack) drop(row int) {
	s.rows--
	for i := range s.parts {
		p := &s.parts[i]
		reflect.Copy(p.data.Slice(row*p.width, (row+1)*p.width), p.data.Slice(s.rows*p.width, (s.rows+1)*p.width))
		p.data = p.data.Slice(0, s.rows*p.width)
	}
}

// batch returns the samples as a batch with memory of its own, and leaves the stack empty.
func (s *stack) batch() graph.Batch {
	at := 0
	b, _ := eachTensor(s.like, func(string, *graph.Tensor) (*graph.Tensor, error) {
		p := &s.parts[at]
		at++
		t := tensorOver(p.data, append([]int{s.rows}, p.shape...))
		p.data = reflect.MakeSlice(p.data.Type(), 0, s.rows*p.width)
		return t, nil
	})
	s.rows = 0
	return b
}

// errStopped ends a pass whose reader has stopped.
var errStopped = errors.New("stopped")

// A rebatcher makes batches of one size of samples that come in other numbers.
type rebatcher struct {
	stack
	size  int // of a batch; 0 means all samples in one
	yield func(graph.Batch, error) bool
}

// take adds n samples of a batch, from number lo on, and yields the batches that are full.
func (r *rebatcher) take(o opened, lo, n int) error {
	for n > 0 {
		k := n
		if r.size > 0 {
			k = min(n, r.size-r.rows)
		}
		r.add(o, lo, k)
		lo, n = lo+k, n-k
		if err := r.full(); err != nil {
			return err
		}
	}
	return nil
}

// full yields the batch if it is full.
func (r *rebatcher) full() error {
	if r.rows == 0 || r.size <= 0 || r.rows < r.size {
		return nil
	}
	return r.flush()
}

// flush yields the samples that are left, if any.
func (r *rebatcher) flush() error {
	if r.rows > 0 && !r.yield(r.batch(), nil) {
		return errStopped
	}
	return nil
}

// rebatched returns the batches of a pass in which f adds samples to r; an error of f begins with where.
func rebatched(where string, size int, f func(r *rebatcher) error) iter.Seq2[graph.Batch, error] {
	return func(yield func(graph.Batch, error) bool) {
		r := rebatcher{size: size, yield: yield}
		err := f(&r)
		if err == nil {
			err = r.flush()
		}
		if err != nil && err != errStopped {
			yield(graph.Batch{}, placed(where, err))
		}
	}
}
