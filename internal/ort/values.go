package ort

import (
	"encoding/binary"
	"fmt"
	"reflect"
	"slices"
)

// A Value is a tensor of any element type and shape, scalars and empty ones included.
type Value struct {
	Shape []int
	Data  any // the elements in row-major order: a slice of float32, float64, sized integers, or bools; for Half, uint16
	Half  bool
}

// kinds are the element types by the names that onnxruntime has for them.
var kinds = map[string]reflect.Type{
	"float32": reflect.TypeFor[float32](), "float64": reflect.TypeFor[float64](), "float16": reflect.TypeFor[uint16](), "bool": reflect.TypeFor[bool](),
	"int8": reflect.TypeFor[int8](), "int16": reflect.TypeFor[int16](), "int32": reflect.TypeFor[int32](), "int64": reflect.TypeFor[int64](),
	"uint8": reflect.TypeFor[uint8](), "uint16": reflect.TypeFor[uint16](), "uint32": reflect.TypeFor[uint32](), "uint64": reflect.TypeFor[uint64](),
}

// RunValues runs the model in a file, with the files beside it, once. Inputs and outputs are tensors by name; it returns all outputs.
func (r *Runtime) RunValues(path string, inputs map[string]Value) (map[string]Value, error) {
	feed := []value{}
	for name, x := range inputs {
		data, err := binary.Append(nil, binary.LittleEndian, x.Data)
		if err != nil {
			return nil, fmt.Errorf("ort: input %q: %w", name, err)
		}
		kind := reflect.TypeOf(x.Data).Elem().String()
		if x.Half {
			kind = "float16"
		}
		feed = append(feed, value{name, kind, append([]int{}, x.Shape...), data})
	}
	answers, err := r.ask(request{Path: path, Feeds: [][]value{feed}})
	if err != nil {
		return nil, err
	}
	out := map[string]Value{}
	for _, v := range answers[0] {
		kind, ok := kinds[v.Type]
		if !ok {
			return nil, fmt.Errorf("ort: output %q: got elements of %s, want numbers or bools", v.Name, v.Type)
		}
		size := 1
		for _, d := range v.Shape {
			size *= d
		}
		list := reflect.MakeSlice(reflect.SliceOf(kind), size, size).Interface()
		if _, err := binary.Decode(v.Data, binary.LittleEndian, list); err != nil {
			return nil, fmt.Errorf("ort: output %q: %w", v.Name, err)
		}
		out[v.Name] = Value{Shape: slices.Clone(v.Shape), Data: list, Half: v.Type == "float16"}
	}
	return out, nil
}
