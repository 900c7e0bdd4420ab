package graph

import "iter"

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
