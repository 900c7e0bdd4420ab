package graph

import (
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
