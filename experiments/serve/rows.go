package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"

	"github.com/nndiy/nndiy/graph"
)

// A rowModel is a model that takes raw rows, with the names of a table's columns.
type rowModel interface {
	TakesRows() bool
	PredictRows(ctx context.Context, rows []map[string]any) ([]graph.Answer, error)
}

// hasRows reports whether a body is {"rows": ...}.
func hasRows(body []byte) bool {
	rest, ok := bytes.CutPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("{"))
	return ok && bytes.HasPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte(`"rows"`))
}

// decodeRows returns the rows of a body {"rows": [{"age": 41, "city": "Lyon"}, ...]}.
func decodeRows(body []byte, most int) ([]map[string]any, *requestError) {
	var b struct {
		Rows []map[string]any `json:"rows"`
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	d.DisallowUnknownFields()
	if err := d.Decode(&b); err != nil {
		return nil, &requestError{400, fmt.Sprintf("rows: %v, want {\"rows\": [{...}, ...]}", err)}
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, &requestError{400, fmt.Sprintf("byte %d: got more, want nothing after the object", d.InputOffset())}
	}
	switch n := len(b.Rows); {
	case n == 0:
		return nil, &requestError{400, "rows: got none, want at least one"}
	case n > most:
		return nil, &requestError{413, fmt.Sprintf("got %d rows, want at most %d in a request", n, most)}
	}
	return b.Rows, nil
}

// answerRows returns the answer {"answers": [{"value": ..., "scores": {...}}, ...]}.
func answerRows(ctx context.Context, m model, rows []map[string]any) ([]byte, error) {
	r, ok := m.(rowModel)
	if !ok || !r.TakesRows() {
		return nil, &rowsError{"got rows for a model that takes none, want \"inputs\""}
	}
	answers, err := r.PredictRows(ctx, rows)
	if err != nil {
		return nil, err
	}
	for i, a := range answers {
		if v, ok := a.Value.(float64); ok && (math.IsNaN(v) || math.IsInf(v, 0)) {
			return nil, fmt.Errorf("row %d: got the answer %v, which JSON cannot represent", i, v)
		}
	}
	text, err := json.Marshal(map[string]any{"answers": answers})
	return append(text, '\n'), err
}

// A rowsError is an error of a request with rows.
type rowsError struct{ text string }

func (e *rowsError) Error() string { return e.text }

// Is makes it an error of the input.
func (e *rowsError) Is(target error) bool { return target == graph.ErrInput }
