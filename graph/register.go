package graph

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/codec"
)

// registry holds the types that files can contain.
var registry codec.Registry

// Register registers a type of layer, loss, optimizer or metric under the name that it has in model files, so that Open can
// create values of it. The prototype is a value of the type, or a pointer to one. The name "" means the type's name in Go,
// such as "main.Gate". The packages of this library register their types when they are imported; register your own when the
// program starts:
//
//	func init() { graph.Register("", Gate{}) }
//
// A file stores the exported fields: numbers, strings, bools, layers, losses and so on, and lists, maps and structs of these.
// A type with other fields must implement encoding.TextMarshaler and encoding.TextUnmarshaler. Functions, such as LayerFunc
// and LossFunc, cannot be stored. If two types have the same name, Save and Open return an error where it occurs.
func Register(name string, prototype any) { registry.Register(name, prototype) }

// Registered returns the names of the registered types in alphabetical order.
func Registered() []string { return registry.Names() }

// initializers are the initializers that files store by name. Any other one is stored as "other", which is enough because a
// file also stores the parameters.
var initializers = map[string]Initializer{
	"Zeros": Zeros, "Ones": Ones, "GlorotUniform": GlorotUniform, "GlorotNormal": GlorotNormal, "HeUniform": HeUniform,
	"HeNormal": HeNormal, "LeCunNormal": LeCunNormal, "FanInUniform": FanInUniform, "FanOutUniform": FanOutUniform,
	"other": unknownInitializer,
}

// unknownInitializer stands for an initializer without a name in files.
var unknownInitializer Initializer = Constant(0)

// specials are the types of settings that files store as strings.
var specials = []codec.Special{
	{
		Type: reflect.TypeFor[Initializer](),
		Encode: func(_ string, v reflect.Value) (string, error) {
			for name, f := range initializers {
				if name != "other" && reflect.ValueOf(f).Pointer() == v.Pointer() {
					return name, nil
				}
			}
			return "other", nil
		},
		Decode: func(text string, to reflect.Value) error {
			f, ok := initializers[text]
			if !ok {
				return fmt.Errorf("got the initializer %.64q, want one of %q", text, slices.Sorted(maps.Keys(initializers)))
			}
			to.Set(reflect.ValueOf(f))
			return nil
		},
	},
	{
		Type:   reflect.TypeFor[tensor.Dtype](),
		Encode: func(_ string, v reflect.Value) (string, error) { return v.Interface().(tensor.Dtype).String(), nil },
		Decode: func(text string, to reflect.Value) error {
			for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
				if dt.String() == text {
					to.Set(reflect.ValueOf(dt))
					return nil
				}
			}
			return fmt.Errorf("got elements of %.64q, %w", text, errElementType)
		},
	},
}
