package datasets

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/tensors"
)

// classesKey is the key of the classes in a model's metadata.
const classesKey = "classes"

// Classes numbers labels of any type: class i is the label with the number i. StoreIn puts them into a model's file, and StoredClasses
// reads them from it, so that a program which opens the file answers with labels. The zero value has no classes. Classes are safe
// for concurrent use.
type Classes[T comparable] struct {
	labels []T
	number map[T]int
}

// ClassesOf returns the distinct labels of a list as classes, in the order in which they come first; strings and numbers in
// ascending order, so that the order of the samples does not matter. No labels, and a label that is not equal to itself (NaN), are
// errors.
func ClassesOf[T comparable](labels []T) (Classes[T], error) {
	c := Classes[T]{number: map[T]int{}}
	for i, l := range labels {
		if l != l {
			return Classes[T]{}, placed("ClassesOf", fmt.Errorf("label %d: got %v, want a label that is equal to itself", i, l))
		}
		if _, ok := c.number[l]; !ok {
			c.number[l] = len(c.labels)
			c.labels = append(c.labels, l)
		}
	}
	if len(labels) == 0 {
		return c, placed("ClassesOf", errors.New("got no labels, want at least one"))
	}
	slices.SortStableFunc(c.labels, compareAny[T])
	for i, l := range c.labels {
		c.number[l] = i
	}
	return c, nil
}

// compareAny orders strings, and numbers; for values of other types it returns 0.
func compareAny[T any](a, b T) int {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	switch {
	case !x.IsValid() || !y.IsValid() || x.Type() != y.Type():
		return 0
	case x.Kind() == reflect.String:
		return cmp.Compare(x.String(), y.String())
	case x.CanInt():
		return cmp.Compare(x.Int(), y.Int())
	case x.CanUint():
		return cmp.Compare(x.Uint(), y.Uint())
	case x.CanFloat():
		return cmp.Compare(x.Float(), y.Float())
	}
	return 0
}

// Len returns the number of classes.
func (c Classes[T]) Len() int { return len(c.labels) }

// Labels returns a copy of the labels, by class number.
func (c Classes[T]) Labels() []T { return slices.Clone(c.labels) }

// Label returns the label of a class number, and false if there is no such class.
func (c Classes[T]) Label(number int) (label T, ok bool) {
	if number < 0 || number >= len(c.labels) {
		return label, false
	}
	return c.labels[number], true
}

// Number returns the class number of a label, and false if it is not among the classes.
func (c Classes[T]) Number(label T) (number int, ok bool) {
	number, ok = c.number[label]
	return number, ok
}

// Numbers returns the class numbers of labels as float32, of shape (len(labels)), for a target. A label that is not among the classes
// is an error.
func (c Classes[T]) Numbers(labels []T) (*graph.Tensor, error) {
	if len(labels) == 0 {
		return nil, placed("Classes", errors.New("got no labels, want at least one"))
	}
	y := make([]float32, len(labels))
	for i, l := range labels {
		n, ok := c.number[l]
		if !ok {
			return nil, placed("Classes", fmt.Errorf("label %d: got %v, want one of the %d classes", i, l, c.Len()))
		}
		y[i] = float32(n)
	}
	return tensor.New(tensor.WithShape(len(y)), tensor.WithBacking(y)), nil
}

// Predicted returns the label that each row of predictions stands for: of a row (n,k) the class of its largest element, the first one
// of equals; of (n) or (n,1), with two classes, class 1 for a probability above 0.5. A NaN is an error.
func (c Classes[T]) Predicted(pred *graph.Tensor) ([]T, error) {
	p, err := tensors.Float64s(pred)
	if err != nil {
		return nil, placed("Classes", err)
	}
	shape := []int(pred.Shape())
	width := 0
	if len(shape) > 0 {
		width = rowWidth(pred)
	}
	if len(shape) == 0 || len(shape) > 2 || width != c.Len() && (width != 1 || c.Len() != 2) {
		return nil, placed("Classes", fmt.Errorf("got predictions of shape %v, want (n,%d)", shape, c.Len()))
	}
	list := make([]T, shape[0])
	for i := range list {
		row := p[i*width:][:width]
		best := 0
		for k, v := range row {
			if math.IsNaN(v) {
				return nil, placed("Classes", fmt.Errorf("row %d of the predictions: got NaN, want numbers", i))
			}
			if v > row[best] {
				best = k
			}
		}
		if width == 1 && c.Len() == 2 && row[0] > 0.5 {
			best = 1
		}
		list[i] = c.labels[best]
	}
	return list, nil
}

// StoreIn puts the classes into the model's metadata, under the key "classes" as a JSON array, and so into its files. The other
// metadata stay. Labels that JSON does not give back as they were, such as structs with unexported fields, are an error.
func (c Classes[T]) StoreIn(m *graph.Model) error {
	text, err := json.Marshal(c.labels)
	if err == nil {
		var back Classes[T]
		if back, err = parseClasses[T](text); err == nil && !slices.Equal(back.labels, c.labels) {
			err = fmt.Errorf("got labels %v from the JSON of %v, want the same", back.labels, c.labels)
		}
	}
	if err != nil {
		return placed("Classes: StoreIn", err)
	}
	return placed("Classes: StoreIn", addMetadata(m, classesKey, string(text)))
}

// addMetadata sets one entry of a model's metadata.
func addMetadata(m *graph.Model, key, value string) error {
	all := m.Metadata()
	all[key] = value
	return m.SetMetadata(all)
}

// StoredClasses returns the classes that StoreIn put into a model, which may have been opened from a file. T must have the JSON form of
// the labels.
func StoredClasses[T comparable](m *graph.Model) (Classes[T], error) {
	text, ok := m.Metadata()[classesKey]
	if !ok {
		return Classes[T]{}, placed("StoredClasses", fmt.Errorf("metadata: got no %q, want the classes that Classes.StoreIn stores", classesKey))
	}
	c, err := parseClasses[T]([]byte(text))
	return c, placed("StoredClasses", err)
}

// parseClasses returns the classes of a JSON array of labels.
func parseClasses[T comparable](text []byte) (Classes[T], error) {
	c := Classes[T]{number: map[T]int{}}
	if err := json.Unmarshal(text, &c.labels); err != nil {
		return Classes[T]{}, err
	}
	for i, l := range c.labels {
		if _, ok := c.number[l]; ok || l != l {
			return Classes[T]{}, fmt.Errorf("class %d: got label %v, want another than before", i, l)
		}
		c.number[l] = i
	}
	if len(c.labels) == 0 {
		return Classes[T]{}, errors.New("got no labels, want at least one")
	}
	return c, nil
}
