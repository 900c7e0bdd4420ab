package datasets

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/nndiy/nndiy/graph"
)

// Structs returns the table of a slice of structs. Its columns are the exported fields, named as they are or by their tag:
//
//	type Car struct {
//		Price  float64   `table:"price,target"`
//		Make   string    // a category
//		Advert string    `table:"advert,text"`
//		Doors  int       `table:",category"`
//		Sold   time.Time
//		Owner  *string   // missing if it is nil
//		secret int       // left out, as is a field with the tag "-"
//	}
//
// Numbers are of kind number, strings and bools of kind category, and times of kind time, unless the tag names the kind. A field
// may be a pointer, or a driver.Valuer such as sql.NullInt64; nil, NaN, the empty string and the zero time are missing.
func Structs[T any](rows []T) (*Table, error) {
	r, p, err := newStructRecords(reflect.ValueOf(rows))
	if err != nil {
		return nil, fmt.Errorf("datasets: Structs: %w", err)
	}
	t, err := buildTable(p, func() (records, error) {
		r.row = 0
		return r, nil
	})
	if err != nil {
		return nil, fmt.Errorf("datasets: Structs: %w", err)
	}
	return t, nil
}

// structRecords are the records of a slice of structs.
type structRecords struct {
	valueRecords
	rows  reflect.Value
	index [][]int // of the fields
}

var (
	valuerType = reflect.TypeFor[driver.Valuer]()
	timeType   = reflect.TypeFor[time.Time]()
)

func newStructRecords(rows reflect.Value) (*structRecords, plan, error) {
	p := CSV{}.plan()
	p.kinds, p.missing, p.limit = map[string]graph.Kind{}, nil, 1<<62
	t := rows.Type().Elem()
	if t.Kind() != reflect.Struct {
		return nil, p, fmt.Errorf("got a slice of %v, want one of structs", t)
	}
	r := &structRecords{rows: rows}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("table"), ",")
		if !f.IsExported() || name == "-" || !promoted(t, f) || f.Anonymous && f.Type.Kind() == reflect.Struct && f.Type != timeType {
			continue
		}
		if name == "" {
			name = f.Name
		}
		kind, err := kindOfType(f.Type)
		if err != nil {
			return nil, p, fmt.Errorf("field %s: %w", f.Name, err)
		}
		for _, option := range strings.Split(options, ",") {
			switch option {
			case "":
			case "target":
				p.target = append(p.target, name)
			case string(graph.KindNumber), string(graph.KindCategory), string(graph.KindText), string(graph.KindTime):
				kind = graph.Kind(option)
			default:
				return nil, p, fmt.Errorf("field %s: got %q in its tag, want target, number, category, text or time", f.Name, option)
			}
		}
		if kind != "" {
			p.kinds[name] = kind
		}
		r.names, r.index = append(r.names, name), append(r.index, f.Index)
	}
	r.values = make([]any, len(r.names))
	return r, p, nil
}

// promoted reports whether no pointer is above a field.
func promoted(t reflect.Type, f reflect.StructField) bool {
	for i := range f.Index[:len(f.Index)-1] {
		if t.FieldByIndex(f.Index[:i+1]).Type.Kind() != reflect.Struct {
			return false
		}
	}
	return true
}

// kindOfType returns the kind of a field; "" if it is to be inferred.
func kindOfType(t reflect.Type) (graph.Kind, error) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == timeType:
		return graph.KindTime, nil
	case t.Implements(valuerType):
		return "", nil
	case t.Kind() == reflect.String, t.Kind() == reflect.Bool:
		return graph.KindCategory, nil
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Float64:
		return graph.KindNumber, nil
	}
	return "", fmt.Errorf("got the type %v, want a number, a string, a bool, a time, a pointer to one, or a driver.Valuer", t)
}

func (r *structRecords) close() error { return nil }

func (r *structRecords) next() ([][]byte, error) {
	if r.row == r.rows.Len() {
		return nil, io.EOF
	}
	row := r.rows.Index(r.row)
	for i, index := range r.index {
		v, err := plainValue(row.FieldByIndex(index))
		if err != nil {
			r.row++
			return nil, fmt.Errorf("%s: %w", r.where(i), err)
		}
		r.values[i] = v
	}
	err := r.format()
	return r.fields, err
}

// plainValue returns the value of a field as one of the types of valueRecords.
func plainValue(v reflect.Value) (any, error) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil, nil
		}
		v = v.Elem()
	}
	var value any
	switch {
	case v.Type() == timeType:
		value = v.Interface()
	case v.Type().Implements(valuerType):
		if n, ok := v.Interface().(sql.Null[float32]); ok && n.Valid { // Value makes it a float64
			return n.V, nil
		}
		var err error
		if value, err = v.Interface().(driver.Valuer).Value(); err != nil {
			return nil, err
		}
	default:
		return basic(v), nil
	}
	if t, ok := value.(time.Time); ok && t.IsZero() {
		return nil, nil
	}
	return value, nil
}
