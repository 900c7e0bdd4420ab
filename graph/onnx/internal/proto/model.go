package proto

// A Model is a ModelProto.
type Model struct {
	IR       int64 // version of the format
	Producer string
	Opsets   []Opset
	Graph    Graph
	Metadata []Property

	Functions []Function
}

// A Function is a FunctionProto: nodes that an operator of the file's own stands for.
type Function struct {
	Name, Domain    string
	Inputs, Outputs []string
	Attributes      []string    // names of attributes without a default
	Defaults        []Attribute // attributes with one
	Nodes           []Node
	Opsets          []Opset
}

// An Opset is the version of the operators of a domain; "" is the domain of ONNX itself.
type Opset struct {
	Domain  string
	Version int64
}

// A Property is an entry of a model's metadata.
type Property struct{ Key, Value string }

// A Graph is a GraphProto.
type Graph struct {
	Name            string
	Nodes           []Node
	Initializers    []Tensor
	Inputs, Outputs []Value
}

// A Node is a NodeProto: an operator applied to values, which have names.
type Node struct {
	Name, Operator, Domain string
	Inputs, Outputs        []string // "" is an omitted one
	Attributes             []Attribute
}

// An AttributeKind is the type of an attribute.
type AttributeKind int64

// The kinds of attributes that are read. The content of other kinds is skipped.
const (
	Float   AttributeKind = 1
	Int     AttributeKind = 2
	String  AttributeKind = 3
	Dense   AttributeKind = 4 // a tensor
	Nested  AttributeKind = 5 // a graph
	Floats  AttributeKind = 6
	Ints    AttributeKind = 7
	Strings AttributeKind = 8
)

// An Attribute is a setting of an operator. Kind names the field that holds its value.
type Attribute struct {
	Name    string
	Kind    AttributeKind
	Float   float32
	Int     int64
	String  string
	Tensor  *Tensor
	Graph   *Graph // the body of a loop, or a branch
	Floats  []float32
	Ints    []int64
	Strings []string

	Reference string // in a function: the name of the attribute of the function's call that holds the value
}

// A Value is the name and type of an input or an output.
type Value struct {
	Name string
	Type ElementType
	Dims []Dim // nil if the file does not give them
	Doc  string
}

// A Dim is a dimension. Size 0 means that the file leaves the size open, unless Zero is set; such a dimension may have a name.
type Dim struct {
	Size int64
	Name string
	Zero bool // the size is 0
}
