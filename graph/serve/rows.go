package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"unicode/utf8"

	"github.com/nndiy/nndiy/graph"
)

// A rowModel is a model that takes raw rows, with the names of a table's columns.
type rowModel interface {
	model
	TakesRows() bool
	RowFields() []graph.Field
	PredictRows(ctx context.Context, rows []map[string]any) ([]graph.Answer, error)
}

// raw reports whether the model takes raw rows.
func (s *served) raw() bool {
	m, ok := s.model.(rowModel)
	return ok && m.TakesRows()
}

// fields returns the columns of raw rows; nil if there are none, or they are not known.
func (s *served) fields() []graph.Field {
	if m, ok := s.model.(rowModel); ok {
		return m.RowFields()
	}
	return nil
}

// hasRows reports whether a body is {"rows": ...}.
func hasRows(body []byte) bool {
	rest, ok := bytes.CutPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("{"))
	return ok && bytes.HasPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte(`"rows"`))
}

// decodeRows returns the rows of a body {"rows": [{"age": 41, "city": "Lyon"}, ...]}. It stops at the first row, column or value too
// many, so that its memory is bounded.
func (s *served) decodeRows(body []byte, most int) ([]map[string]any, *requestError) {
	if !s.raw() {
		return nil, &requestError{400, `body: got "rows" for a model that takes none, want "inputs"`}
	}
	if !utf8.Valid(body) { // encoding/json would change the text
		at := 0
		for r, size := utf8.DecodeRune(body); r != utf8.RuneError || size > 1; r, size = utf8.DecodeRune(body[at:]) {
			at += size
		}
		return nil, &requestError{400, fmt.Sprintf("byte %d: got %.8q, want UTF-8", at, body[at:min(at+8, len(body))])}
	}
	d := rowDecoder{json.NewDecoder(bytes.NewReader(body)), most, len(s.fields())}
	d.UseNumber()
	rows, failed := d.rows()
	if failed != nil {
		return nil, failed
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, d.failed("", "more", "nothing after the object")
	}
	return rows, nil
}

// A rowDecoder reads raw rows.
type rowDecoder struct {
	*json.Decoder
	most    int // rows
	columns int // of a row; 0 means any number
}

func (d *rowDecoder) failed(where, got, want string) *requestError {
	return &requestError{400, fmt.Sprintf("%sbyte %d: got %s, want %s", where, d.InputOffset(), got, want)}
}

// token reads a token, and returns an error unless it is the given one; nil stands for any.
func (d *rowDecoder) token(where string, want json.Token, words string) (json.Token, *requestError) {
	got, err := d.Token()
	switch {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		return nil, d.failed(where, "the end", words)
	case err != nil:
		return nil, d.failed(where, err.Error(), words)
	case want != nil && got != want:
		return nil, d.failed(where, nameOf(got), words)
	}
	return got, nil
}

// nameOf names a token in an error.
func nameOf(t json.Token) string {
	switch t := t.(type) {
	case nil:
		return "null"
	case string:
		return fmt.Sprintf("%.32q", t)
	}
	return fmt.Sprintf("%.32v", t)
}

// rows reads the object.
func (d *rowDecoder) rows() (rows []map[string]any, failed *requestError) {
	for _, t := range []json.Token{json.Delim('{'), "rows", json.Delim('[')} {
		if _, failed := d.token("", t, `{"rows": [{...}, ...]}`); failed != nil {
			return nil, failed
		}
	}
	for d.More() {
		if len(rows) == d.most {
			return nil, &requestError{413, fmt.Sprintf("rows: got more than %d, want at most %d in a request", d.most, d.most)}
		}
		row, failed := d.row(fmt.Sprintf("row %d: ", len(rows)))
		if failed != nil {
			return nil, failed
		}
		rows = append(rows, row)
	}
	if _, failed := d.token("rows: ", json.Delim(']'), "a comma or the array's end"); failed != nil {
		return nil, failed
	}
	if _, failed := d.token("", json.Delim('}'), "the end of the object, which has no other key"); failed != nil {
		return nil, failed
	}
	if len(rows) == 0 {
		return nil, &requestError{400, "rows: got none, want at least one"}
	}
	return rows, nil
}

// row reads a row.
func (d *rowDecoder) row(where string) (map[string]any, *requestError) {
	if _, failed := d.token(where, json.Delim('{'), "an object"); failed != nil {
		return nil, failed
	}
	row := map[string]any{}
	for d.More() {
		t, failed := d.token(where, nil, "a column's name")
		if failed != nil {
			return nil, failed
		}
		name := t.(string) // or there is an error
		if _, twice := row[name]; twice {
			return nil, d.failed(where, fmt.Sprintf("the column %.64q twice", name), "it once")
		}
		if d.columns > 0 && len(row) == d.columns {
			return nil, d.failed(where, fmt.Sprintf("the column %.64q after %d others", name, d.columns), fmt.Sprintf("at most %d columns", d.columns))
		}
		const scalar = "a number, a string, true, false or null"
		where := fmt.Sprintf("%scolumn %.64q: ", where, name)
		value, failed := d.token(where, nil, scalar)
		if failed != nil {
			return nil, failed
		}
		if _, nested := value.(json.Delim); nested {
			return nil, d.failed(where, nameOf(value), scalar)
		}
		row[name] = value
	}
	_, failed := d.token(where, json.Delim('}'), "a comma or the object's end")
	return row, failed
}

// encodeAnswers returns the body {"answers": [{"value": ..., "scores": {...}}, ...]}.
func encodeAnswers(answers []graph.Answer) ([]byte, *requestError) {
	for i, a := range answers {
		list, _ := a.Value.([]float64)
		if v, ok := a.Value.(float64); ok {
			list = append(list, v)
		}
		for _, v := range a.Scores {
			list = append(list, v)
		}
		for _, v := range list {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, &requestError{500, fmt.Sprintf("output: row %d: got %v, want a finite number, since JSON has no other", i, v)}
			}
		}
	}
	text, err := json.Marshal(map[string]any{"answers": answers})
	if err != nil {
		return nil, &requestError{500, "output: " + err.Error()}
	}
	return append(text, '\n'), nil
}
