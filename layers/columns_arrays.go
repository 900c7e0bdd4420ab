package layers

import (
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Arrays returns all rows encoded, for Fit, Evaluate and Predict: X, (rows, numbers), as float32; and Y if there is a target: the
// class numbers, (rows), or the numbers, (rows, 1). A row without a target is an error.
func (c Columns) Arrays(rows graph.Rows) (a graph.Arrays, err error) {
	for batch, err := range c.Dataset(rows).Batches(0, nil) {
		if err != nil {
			return a, err
		}
		a.X, a.Y = batch.X, batch.Y
	}
	return a, nil
}

// Dataset returns rows that need not fit in memory as a graph.Dataset: each pass reads and encodes them once, in their own order. Its
// length is not known, so Fit wants a BatchSize.
func (c Columns) Dataset(rows graph.Rows) graph.Dataset { return encodedRows{c, rows} }

type encodedRows struct {
	columns Columns
	rows    graph.Rows
}

func (e encodedRows) Len() int { return -1 }

// Batches implements graph.Dataset.
func (e encodedRows) Batches(size int, _ *rand.Rand) iter.Seq2[graph.Batch, error] {
	return func(yield func(graph.Batch, error) bool) {
		fail := func(err error) { yield(graph.Batch{}, err) }
		r, err := e.columns.rowEncoder()
		if err == nil && settings.IsNil(e.rows) {
			err = errors.New("layers: Columns: got no rows, want at least one")
		}
		if err != nil {
			fail(err)
			return
		}
		var x, y []float32
		row, n, targeted, classes := make([]float64, r.size), 0, e.columns.Target != "", e.columns.classNumbers()
		flush := func() bool {
			batch := graph.Batch{X: tensor.New(tensor.WithShape(n, r.size), tensor.WithBacking(slices.Clip(x)))}
			if targeted && e.columns.Classes != nil {
				batch.Y = tensor.New(tensor.WithShape(n), tensor.WithBacking(y))
			} else if targeted {
				batch.Y = tensor.New(tensor.WithShape(n, 1), tensor.WithBacking(y))
			}
			x, y, n = nil, nil, 0
			return yield(batch, nil)
		}
		at := 0
		for raw, err := range e.rows.Rows() {
			if err == nil {
				err = r.fill(row, raw)
			}
			if err == nil && targeted {
				var v float64
				v, err = e.columns.target(classes, raw)
				y = append(y, float32(v))
			}
			if err != nil {
				fail(fmt.Errorf("layers: Columns: row %d: %w", at, err))
				return
			}
			for _, v := range row {
				x = append(x, float32(v))
			}
			at++
			if n++; n == size && !flush() {
				return
			}
		}
		if n > 0 {
			flush()
		} else if at == 0 {
			fail(fmt.Errorf("layers: Columns: got no rows, want at least one"))
		}
	}
}
