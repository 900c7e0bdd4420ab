package graph

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A Kind says what the values of a column of raw rows are.
type Kind string

// The kinds of columns.
const (
	KindNumber   Kind = "number"   // float64
	KindCategory Kind = "category" // string, one of a list
	KindText     Kind = "text"     // string, of words
	KindTime     Kind = "time"     // time.Time
)

// A Field describes a column of raw rows.
type Field struct {
	Name   string
	Kind   Kind
	Target bool // it is what a model predicts: a label, if its kind is category
}

// Rows are raw rows, as a table or a database has them, before any preparation for a network. datasets.Table implements it for
// rows in memory; layers.Columns learns from rows how to prepare them.
type Rows interface {
	// Fields returns the columns in their order.
	Fields() []Field
	// Rows returns an iterator over the rows: the values by the columns' names, float64, string or time.Time. A missing value
	// is nil. A row is valid until the next one is yielded. The iterator can be used several times.
	Rows() iter.Seq2[map[string]any, error]
}

// A RowEncoder turns raw rows into the main input of a network, and the network's outputs into answers. The network of a model that
// takes raw rows has a method RowEncoder() (RowEncoder, error): layers.Columns, a layers.Sequential that begins with it, and any
// layer of your own that returns its Columns' result. A nil RowEncoder means that the network takes no rows. What it needs, such
// as a vocabulary, is in the network's fields, and so in the model's file.
type RowEncoder interface {
	// RowInput returns the shape of the main input for one row. Config.Input may be empty then.
	RowInput() []int
	// EncodeRow sets to, the elements of the main input, to those of a row. A column that is missing in the map has no value; an
	// unknown one is an error.
	EncodeRow(to []float64, row map[string]any) error
	// DecodeRow returns the answer that an output, the elements of a row of the main output, stands for.
	DecodeRow(output []float64) Answer
}

// An Answer is a prediction for a raw row.
type Answer struct {
	Value  any                `json:"value"`            // the name of a class, a float64, or a []float64 if the output is neither
	Scores map[string]float64 `json:"scores,omitempty"` // of a classifier, the probabilities by the names of the classes
}

// rowEncoderOf returns the encoder of a network's rows, nil if it has none.
func rowEncoderOf(net Layer) (RowEncoder, error) {
	r, ok := net.(interface{ RowEncoder() (RowEncoder, error) })
	if !ok || isNil(net) {
		return nil, nil
	}
	e, err := ops.Safely(r.RowEncoder)
	if err != nil {
		return nil, fmt.Errorf("rows: %w", err)
	}
	return e, nil
}

// takeRows sets the encoder of rows, and the shape of the main input if the configuration does not have it.
func (m *Model) takeRows() (err error) {
	if m.raw, err = rowEncoderOf(m.net); err != nil || m.raw == nil {
		return err
	}
	shape := m.raw.RowInput()
	switch {
	case len(m.cfg.Input) == 0:
		m.cfg.Input = shape
	case !slices.Equal(shape, m.cfg.Input):
		return fmt.Errorf("Config.Input: got %v, want %v, what a row is encoded as, or nothing", m.cfg.Input, shape)
	}
	return nil
}

// PredictRows is Predict for raw rows: maps of the columns' names to values, which may be any type of number, string, bool,
// time.Time or nil for a missing value, and what encoding/json decodes into a map[string]any. The model's network takes rows: see
// RowEncoder. An answer has the same bits whatever rows are beside it, in this program and in one that has opened the model's file.
// A wrong row is an ErrInput that names the row, counted from 0, and the column. A probability of a class that is NaN is an error, since
// no class is the most probable one then.
func (m *Model) PredictRows(ctx context.Context, rows []map[string]any) ([]Answer, error) {
	if err := m.made(); err != nil {
		return nil, public("PredictRows", err)
	}
	if m.raw == nil {
		return nil, errors.New("graph: PredictRows: got a network that takes no rows, want one that begins with layers.Columns")
	}
	width := tensors.Size(m.cfg.Input)
	if len(rows) == 0 || len(m.ins) > 1 {
		return nil, public("PredictRows", badInput(fmt.Errorf("got %d rows for a network of %d inputs, want at least one row and one input", len(rows), len(m.ins))))
	}
	values := make([]float64, len(rows)*width)
	for i, row := range rows {
		if err := m.raw.EncodeRow(values[i*width:(i+1)*width], row); err != nil {
			return nil, public("PredictRows", badInput(fmt.Errorf("row %d: %w", i, err)))
		}
	}
	x := tensors.New(m.cfg.DType, append([]int{len(rows)}, m.cfg.Input...))
	tensors.Set(x, values)
	y, err := m.Predict(ctx, x)
	if err != nil {
		return nil, err
	}
	out, err := tensors.Float64s(y)
	if err != nil {
		return nil, public("PredictRows", err)
	}
	answers := make([]Answer, len(rows))
	for i := range answers {
		each := len(out) / len(rows)
		answers[i] = m.raw.DecodeRow(out[i*each : (i+1)*each : (i+1)*each])
		for _, v := range answers[i].Scores {
			if v != v {
				return nil, public("PredictRows", fmt.Errorf("row %d: got NaN as the probability of a class, want a number", i))
			}
		}
	}
	return answers, nil
}

// TakesRows reports whether PredictRows works: the network has a RowEncoder.
func (m *Model) TakesRows() bool {
	if m.made() != nil {
		return false
	}
	return m.raw != nil
}

// RowFields returns the columns of the raw rows that PredictRows takes, and after them the target, if it has a name. It returns nil if
// the network takes no rows, or if its RowEncoder has no method RowFields() []Field, as that of layers.Columns has.
func (m *Model) RowFields() []Field {
	if m.made() != nil {
		return nil
	}
	if r, ok := m.raw.(interface{ RowFields() []Field }); ok {
		return slices.Clone(r.RowFields())
	}
	return nil
}
