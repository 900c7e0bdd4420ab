package graph

import (
	"fmt"
	"reflect"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/codec"
)

// registry has the types that files may name.
var registry codec.Registry

// Register gives a type of layer, loss, optimizer or metric the name that it has in files, so that Open can make values of
// it; the prototype is a value of the type, or a pointer to one. The name "" is that of the type in Go, such as "main.Gate".
// Types of this library are registered by the import of their package, those of your own at the start of the program:
//
//	func init() { graph.Register("", Gate{}) }
//
// Its exported fields are what the file has of it: numbers, texts, truth values, layers, losses and so on, lists, maps and
// structs of these. A type with other fields implements encoding.TextMarshaler and encoding.TextUnmarshaler. A function is no
// such type, nor are LayerFunc and its kin. Two types of one name are an error of Save and Open, where they meet.
func Register(name string, prototype any) { registry.Register(name, prototype) }

// Registered returns the names of the registered types in alphabetical order.
func Registered() []string { return registry.Names() }

// initializers are those that files know by name. Of others a file tells only that there was one: the parameters are in the
// file as well.
var initializers = map[string]Initializer{
	"Zeros": Zeros, "Ones": Ones, "GlorotUniform": GlorotUniform, "GlorotNormal": GlorotNormal, "HeUniform": HeUniform,
	"HeNormal": HeNormal, "LeCunNormal": LeCunNormal, "FanInUniform": FanInUniform, "FanOutUniform": FanOutUniform,
	"other": unknownInitializer,
}

// unknownInitializer stands for an initializer that a file could not name.
var unknownInitializer Initializer = Constant(0)

// specials are the types of settings that files have as texts.
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
				return fmt.Errorf("got the initializer %.64q, which this program does not know", text)
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
