package layers

import (
	"fmt"
	"iter"

	"github.com/nndiy/nndiy/graph"
)

// An Encoder is a layer of a Group whose work is in front of the graph: it turns a value of a column into numbers, which Emit gets. To
// write one, embed Identity, which passes the numbers on, and call graph.Register for files.
type Encoder interface {
	graph.Layer
	// Learn returns the encoder fitted to the values of the training rows: float64, string, time.Time, or nil for a missing value.
	Learn(values iter.Seq2[any, error]) (Encoder, error)
	// Width returns the number of numbers of a value.
	Width() int
	// Encoding returns the function that sets to, whose length is Width, to the numbers of a value: of any type that
	// graph.Model.PredictRows takes.
	Encoding() func(to []float64, value any) error
}

// Missing is the number that stands for a missing number in an encoded row: the least float32. Impute replaces it.
const Missing = -0x1.fffffep127

// RowEncoder returns what encodes rows, for graph.Compile.
func (c Columns) RowEncoder() (graph.RowEncoder, error) {
	e, err := c.rowEncoder()
	if err != nil {
		return nil, err
	}
	return e, nil
}

// RowEncoder returns that of the first layer, if it has one.
func (q Sequential) RowEncoder() (graph.RowEncoder, error) {
	if len(q) == 0 {
		return nil, nil
	}
	r, ok := q[0].(interface {
		RowEncoder() (graph.RowEncoder, error)
	})
	if !ok {
		return nil, nil
	}
	return r.RowEncoder()
}

// RowEncoder returns that of the layer, if it has one.
func (n named) RowEncoder() (graph.RowEncoder, error) { return Sequential{n.Layer}.RowEncoder() }

// rows encodes rows.
type rows struct {
	Columns
	size  int
	list  []encodedColumn
	known map[string]bool
}

// An encodedColumn is a column of a raw row, and where its numbers are in an encoded one.
type encodedColumn struct {
	name     string
	at, size int
	encode   func(to []float64, value any) error
	imputed  bool // a missing number is no error
	kind     graph.Kind
}

func (c Columns) rowEncoder() (*rows, error) {
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("layers: Columns: %w", err)
	}
	r := &rows{Columns: c, known: map[string]bool{c.Target: true}}
	for _, g := range c.Groups {
		e, behind := g.encoder()
		col := encodedColumn{size: 1, encode: encodeNumber, kind: graph.KindNumber}
		if e != nil {
			col.size, col.encode, col.kind = e.Width(), e.Encoding(), kindOf(e)
		}
		col.imputed = imputes(behind)
		for _, name := range g.Names {
			col.name, col.at = name, r.size
			r.size += col.size
			r.list, r.known[name] = append(r.list, col), true
		}
	}
	return r, nil
}

// imputes reports whether layers begin with an Impute, so that no other one computes with the number that stands for a missing one.
func imputes(list []graph.Layer) bool {
	for _, l := range list {
		switch l := l.(type) {
		case Impute, *Impute:
			return true
		case named:
			return imputes([]graph.Layer{l.Layer})
		case Sequential:
			if len(l) > 0 {
				return imputes(l)
			}
		case Identity:
		default:
			return false
		}
	}
	return false
}

// RowInput implements graph.RowEncoder.
func (r *rows) RowInput() []int { return []int{r.size} }

// EncodeRow implements graph.RowEncoder.
func (r *rows) EncodeRow(to []float64, row map[string]any) error {
	for name := range row {
		if !r.known[name] {
			return fmt.Errorf("got the column %.64q, want %s", name, shortList(r.names()))
		}
	}
	return r.fill(to, row)
}

// fill is EncodeRow without the check of unknown columns.
func (r *rows) fill(to []float64, row map[string]any) error {
	for _, c := range r.list {
		part := to[c.at : c.at+c.size]
		if err := c.encode(part, row[c.name]); err != nil {
			return fmt.Errorf("column %.64q: %w", c.name, err)
		}
		if !c.imputed && part[0] == Missing {
			return fmt.Errorf("column %.64q: got no value, want one, or an Impute in front of the other layers of its group", c.name)
		}
	}
	return nil
}

func shortList(names []string) string {
	if len(names) > 20 {
		return fmt.Sprintf("%.64q and %d more", names[:20], len(names)-20)
	}
	return fmt.Sprintf("%.64q", names)
}

// DecodeRow implements graph.RowEncoder.
func (r *rows) DecodeRow(output []float64) graph.Answer {
	switch n := len(r.Classes); {
	case n > 0 && len(output) == n:
		scores, best := make(map[string]float64, n), 0
		for i, v := range output {
			if scores[r.Classes[i]] = v; v > output[best] {
				best = i
			}
		}
		return graph.Answer{Value: r.Classes[best], Scores: scores}
	case n == 2 && len(output) == 1: // behind a Sigmoid
		return r.DecodeRow([]float64{1 - output[0], output[0]})
	case n == 0 && len(output) == 1:
		return graph.Answer{Value: output[0]}
	}
	return graph.Answer{Value: output}
}

// target returns the number that a row's target is in a batch.
func (c Columns) target(classes map[string]int, row map[string]any) (float64, error) {
	v := row[c.Target]
	if c.Classes == nil {
		var y [1]float64
		if err := encodeNumber(y[:], v); err != nil || y[0] == Missing {
			return 0, fmt.Errorf("target %.64q: got %v, want a number", c.Target, v)
		}
		return y[0], nil
	}
	name, ok := wordOf(v)
	i, known := classes[name]
	if !ok || !known {
		return 0, fmt.Errorf("target %.64q: got %.64q, want one of %s", c.Target, name, shortList(c.Classes))
	}
	return float64(i), nil
}

func (c Columns) classNumbers() map[string]int {
	numbers := make(map[string]int, len(c.Classes))
	for i, name := range c.Classes {
		numbers[name] = i
	}
	return numbers
}
