package graph

import (
	"errors"
	"fmt"
	"sync"

	"github.com/nndiy/nndiy/internal/tensors"
)

// passes keeps the memory of passes over data for later ones: each epoch is a pass.
var passes sync.Pool

// A pass is the memory of one pass over Arrays: the order of the rows, and the batch.
type pass struct {
	order   []int
	columns []tensors.RowGatherer // in the order of Arrays.each
}

// begin prepares a pass over a in batches of at most size rows.
func (p *pass) begin(a Arrays, size int) (err error) {
	n := a.Len()
	if cap(p.order) < n {
		p.order = make([]int, n)
	}
	p.order = p.order[:n]
	for i := range p.order {
		p.order[i] = i
	}
	at := 0
	a.each(func(_ string, t *Tensor) *Tensor {
		if at == len(p.columns) {
			p.columns = append(p.columns, tensors.RowGatherer{})
		}
		if e := p.columns[at].Begin(t, size); err == nil {
			err = e
		}
		at++
		return t
	})
	return err
}

// take returns the rows with the given numbers. The next call overwrites them.
func (p *pass) take(a Arrays, rows []int) Batch {
	at := 0
	return a.each(func(string, *Tensor) *Tensor {
		at++
		return p.columns[at-1].Take(rows)
	})
}

// forget drops the data and keeps the memory.
func (p *pass) forget() {
	for i := range p.columns {
		p.columns[i].Forget()
	}
}

// Rows returns the samples with the given numbers, in this order, in memory of their own. A number may come more than once; one
// that is not from 0 to Len-1 is an error, and so is an empty list. Any number of goroutines may call it.
func (a Arrays) Rows(index []int) (b Batch, err error) {
	if err := a.check(); err != nil {
		return b, err
	}
	if len(index) == 0 {
		return b, errors.New("graph: Arrays: Rows: got no numbers, want at least one")
	}
	for _, i := range index {
		if i < 0 || i >= a.Len() {
			return b, fmt.Errorf("graph: Arrays: Rows: got number %d, want 0 to %d", i, a.Len()-1)
		}
	}
	b = a.each(func(what string, t *Tensor) *Tensor {
		var g tensors.RowGatherer
		if e := g.Begin(t, len(index)); e != nil {
			if err == nil {
				err = public("Arrays: Rows", fmt.Errorf("%s: %w", what, e))
			}
			return nil
		}
		return g.Take(index)
	})
	return b, err
}
