package datasets

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strconv"
	"time"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// SQL reads the rows of a query. The kinds of columns are inferred as by CSV: a string that is a number is a number.
type SQL struct {
	Target   []string              // names of the target columns
	Classes  bool                  // the targets are names of classes, even if they are numbers
	Kinds    map[string]graph.Kind // the kinds of columns by name; those of the others are inferred
	DType    tensor.Dtype          // element type of Table.Arrays, tensor.Float32 or tensor.Float64; zero means tensor.Float32
	MaxBytes int64                 // limit of the memory of the table; 0 means 1 GiB
}

// Read reads all rows, and closes them. A column's values are integers, floating-point numbers, strings, bools, times, or NULL.
// An error names the row, counted from 1, and the column.
func (s SQL) Read(rows *sql.Rows) (*Table, error) {
	if rows == nil {
		return nil, errors.New("datasets: SQL: got no rows, want a result")
	}
	defer rows.Close()
	c := CSV{Target: s.Target, Classes: s.Classes, Kinds: s.Kinds, DType: s.DType, MaxBytes: s.MaxBytes, Missing: []string{}}
	if err := settings.Check(settings.Between("MaxBytes", float64(s.MaxBytes), 0, math.MaxInt64/4)); err != nil {
		return nil, fmt.Errorf("datasets: SQL: %w", err)
	}
	names, err := rows.Columns()
	if err != nil {
		return nil, fmt.Errorf("datasets: SQL: %w", err)
	}
	r := &sqlRecords{rows: rows}
	r.names, r.values = names, make([]any, len(names))
	for i := range r.values {
		r.into = append(r.into, &r.values[i])
	}
	used := false
	t, err := buildTable(c.plan(), func() (records, error) {
		if used {
			return nil, errOnce
		}
		used = true
		return r, nil
	})
	if err != nil {
		return nil, fmt.Errorf("datasets: SQL: %w", err)
	}
	return t, nil
}

// valueRecords are records of Go values, which it formats as text.
type valueRecords struct {
	names  []string
	values []any
	fields [][]byte
	text   []byte
	row    int
}

func (r *valueRecords) columns() []string { return r.names }

func (r *valueRecords) where(i int) string {
	if i < 0 {
		return fmt.Sprintf("row %d", r.row)
	}
	return fmt.Sprintf("row %d, column %d (%s)", r.row, i+1, r.names[i])
}

func (r *valueRecords) empty() error { return fmt.Errorf("got no rows, want at least one") }

// format sets the fields to the values.
func (r *valueRecords) format() error {
	r.row++
	r.fields, r.text = r.fields[:0], r.text[:0]
	for i, v := range r.values {
		mark := len(r.text)
		switch v := plain(v).(type) {
		case nil:
			r.fields = append(r.fields, nil)
			continue
		case int64:
			r.text = strconv.AppendInt(r.text, v, 10)
		case uint64:
			r.text = strconv.AppendUint(r.text, v, 10)
		case float64:
			if v != v {
				r.fields = append(r.fields, nil)
				continue
			}
			r.text = strconv.AppendFloat(r.text, v, 'g', -1, 64)
		case float32:
			if v != v {
				r.fields = append(r.fields, nil)
				continue
			}
			r.text = strconv.AppendFloat(r.text, float64(v), 'g', -1, 32) // 0.1, not the digits that float64 needs for it
		case bool:
			r.text = strconv.AppendBool(r.text, v)
		case string:
			r.text = append(r.text, v...)
		case []byte:
			r.text = append(r.text, v...)
		case time.Time:
			if _, offset := v.Zone(); offset%60 != 0 { // local time before time zones; the format has whole minutes
				v = v.UTC()
			}
			r.text = v.AppendFormat(r.text, time.RFC3339Nano)
		default:
			return fmt.Errorf("%s: got a %T, want a number, a string, a bool, a time or NULL", r.where(i), v)
		}
		r.fields = append(r.fields, r.text[mark:len(r.text):len(r.text)])
	}
	return nil
}

// plain returns a value as one of the types that format takes, if it is of another type of the same kind, such as the int32 of some
// drivers.
func plain(v any) any {
	switch v.(type) {
	case nil, int64, uint64, float64, float32, bool, string, []byte, time.Time:
		return v
	}
	return basic(reflect.ValueOf(v))
}

// basic returns a number, a bool or a string of any type as int64, uint64, float32, float64, bool or string, and others as they are.
func basic(v reflect.Value) any {
	switch {
	case v.CanInt():
		return v.Int()
	case v.CanUint():
		return v.Uint()
	case v.Kind() == reflect.Float32:
		return float32(v.Float())
	case v.CanFloat():
		return v.Float()
	case v.Kind() == reflect.Bool:
		return v.Bool()
	case v.Kind() == reflect.String:
		return v.String()
	}
	return v.Interface()
}

// sqlRecords are the records of a query.
type sqlRecords struct {
	valueRecords
	rows *sql.Rows
	into []any
}

func (r *sqlRecords) close() error { return r.rows.Close() }

func (r *sqlRecords) next() ([][]byte, error) {
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return nil, fmt.Errorf("after row %d: %w", r.row, err)
		}
		return nil, io.EOF
	}
	if err := r.rows.Scan(r.into...); err != nil {
		return nil, fmt.Errorf("row %d: %w", r.row+1, err)
	}
	err := r.format()
	return r.fields, err
}
