package proto

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// full returns a model with every field that is written.
func full() *Model {
	return &Model{
		IR: 8, Producer: "test", Opsets: []Opset{{Version: 17}, {Domain: "other", Version: 1}},
		Metadata: []Property{{"key", "value\nof two lines"}},
		Graph: Graph{
			Name: "graph",
			Nodes: []Node{
				{Name: "n", Operator: "Op", Domain: "other", Inputs: []string{"x", "", "w"}, Outputs: []string{"y", "z"}, Attributes: []Attribute{
					{Name: "f", Kind: Float, Float: -0.5}, {Name: "i", Kind: Int, Int: -3}, {Name: "s", Kind: String, String: "text"},
					{Name: "t", Kind: Dense, Tensor: &Tensor{Type: Int64, Raw: make([]byte, 8)}},
					{Name: "fs", Kind: Floats, Floats: []float32{1, 2}}, {Name: "is", Kind: Ints, Ints: []int64{-1, 0, 300}},
					{Name: "ss", Kind: Strings, Strings: []string{"a", ""}},
					{Name: "g", Kind: Nested, Graph: &Graph{
						Name: "inner", Nodes: []Node{{Operator: "Other", Outputs: []string{"u"}}}, Initializers: []Tensor{},
						Inputs: []Value{{Name: "i", Type: Float32, Dims: []Dim{{Size: 2}}}}, Outputs: []Value{{Name: "u", Type: Int64, Dims: []Dim{}}},
					}},
				}},
				{Operator: "Other", Outputs: []string{"v"}},
			},
			Initializers: []Tensor{
				{Name: "w", Type: Float32, Dims: []int64{2, 1}, Raw: []byte{1, 2, 3, 4, 5, 6, 7, 8}},
				{Name: "none", Type: Float64, Dims: []int64{0}, Raw: []byte{}},
			},
			Inputs:  []Value{{Name: "x", Type: Float32, Dims: []Dim{{Name: "batch"}, {Size: 3}, {}}, Doc: "rows"}},
			Outputs: []Value{{Name: "y", Type: Float64, Dims: []Dim{}}},
		},
	}
}

// TestRoundTrip: a model that is written reads as the same model, which encodes as the same bytes.
func TestRoundTrip(t *testing.T) {
	b := Encode(full())
	m, err := Decode(b)
	require.NoError(t, err)
	require.Equal(t, full(), m)
	require.True(t, bytes.Equal(b, Encode(m)))
}

// message returns a message of one field of bytes.
func message(number int, parts ...[]byte) []byte {
	w := &writer{}
	w.bytes(number, bytes.Join(parts, nil))
	return w.b
}

// TestTensorFields: elements may be in fields for their types, packed or one at a time.
func TestTensorFields(t *testing.T) {
	for _, r := range []struct {
		name   string
		fields []byte
		raw    []byte
	}{
		{"floats, packed", []byte{0x08, 1, 0x10, 1, 0x22, 4, 0, 0, 0x80, 0x3f}, []byte{0, 0, 0x80, 0x3f}},
		{"floats, one by one", []byte{0x08, 2, 0x10, 1, 0x25, 1, 2, 3, 4, 0x25, 5, 6, 7, 8}, []byte{1, 2, 3, 4, 5, 6, 7, 8}},
		{"int64, packed, before the type", []byte{0x3a, 2, 5, 6, 0x08, 2, 0x10, 7}, []byte{5, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0}},
		{"int32", []byte{0x08, 1, 0x10, 6, 0x28, 7}, []byte{7, 0, 0, 0}},
		{"bool", []byte{0x08, 2, 0x10, 9, 0x2a, 2, 1, 0}, []byte{1, 0}},
		{"float16", []byte{0x08, 1, 0x10, 10, 0x2a, 2, 0x80, 0x78}, []byte{0, 0x3c}},
		{"double", []byte{0x08, 1, 0x10, 11, 0x52, 8, 1, 2, 3, 4, 5, 6, 7, 8}, []byte{1, 2, 3, 4, 5, 6, 7, 8}},
	} {
		t.Run(r.name, func(t *testing.T) {
			var v Tensor
			require.NoError(t, v.decode(r.fields))
			require.Equal(t, r.raw, v.Raw)
		})
	}
}

// nested returns a model whose graph has depth graphs inside it, each in a node of the one around it.
func nested(depth int) []byte {
	var b []byte
	for range depth {
		b = message(1, message(2, []byte("y")), message(4, []byte("A")), message(5, message(1, []byte("b")), message(6, b)))
	}
	return message(7, b)
}

// TestErrors: each fault is an error that names its place.
func TestErrors(t *testing.T) {
	tensor := func(fields ...byte) []byte { return message(7, message(5, message(8, []byte("w")), fields)) }
	for _, r := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "got no graph"},
		{"JSON", []byte("{\"a\": 1}"), "want 0, 1, 2 or 5"},
		{"cut within a number", []byte{0x08, 0x80}, "got bytes that end within a field"},
		{"a number of 70 bits", bytes.Repeat([]byte{0xff}, 11), "more than 64 bits"},
		{"field 0", []byte{0x00, 0x00}, "got field number 0"},
		{"a huge length", []byte{0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f}, "want at most the 0 that are left"},
		{"a group", []byte{0x3b}, "got wire type 3"},
		{"the graph as a number", []byte{0x38, 1}, "field 7: got wire type 0, want 2"},
		{"two graphs", append(message(7), message(7)...), "got two graphs"},
		{"an empty node", message(7, message(1)), "node: \"\": got operator \"\" with 0 outputs"},
		{"not UTF-8", message(7, message(1, message(4, []byte{0xff}))), "want UTF-8"},
		{"no elements", tensor(0x08, 2, 0x10, 1), "initializer: got 0 bytes, want 8 for float32 of [2] (number 1)"},
		{"huge dimensions", tensor(0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x08, 4, 0x10, 1), "want sizes of 0 or more and fewer than 2^62 bytes"},
		{"a negative dimension", tensor(0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x10, 1), "want sizes of 0 or more and fewer than 2^62 bytes"},
		{"half an element", tensor(0x08, 1, 0x10, 1, 0x22, 2, 0, 0), "got 2 bytes, want a multiple of 4"},
		{"strings", tensor(0x08, 1, 0x10, 8, 0x32, 1, 'a'), "got segments or strings, which are not supported"},
		{"another type", tensor(0x08, 1, 0x10, 14), "got elements of type 14"},
		{"another file", tensor(0x08, 1, 0x10, 1, 0x70, 1), "external data: got no location, want the name of a file"},
		{"sparse", message(7, message(15)), "got a sparse initializer, want dense ones"},
		{"a function without a name", message(25), "function: got no name, want one"},
		{"a sequence", message(7, message(11, message(1, []byte("x")), message(2, message(4)))), "got a sequence, a map, an optional or a sparse value, want a tensor"},
		{"an attribute without a name", message(7, message(1, message(5))), "attribute: got no name"},
		{"an attribute without its tensor", message(7, message(1, message(5, message(1, []byte("t")), []byte{0xa0, 1, 4}))), "\"t\": got no tensor"},
		{"an attribute without its graph", message(7, message(1, message(5, message(1, []byte("b")), []byte{0xa0, 1, 5}))), "\"b\": got no graph"},
		{"an attribute with two graphs", message(7, message(1, message(5, message(6), message(6)))), "got two graphs, want one"},
		{"deep graphs", nested(17), "got a graph nested in 17 others, want at most 16"},
	} {
		t.Run(r.name, func(t *testing.T) {
			_, err := Decode(r.file)
			require.ErrorContains(t, err, r.want)
		})
	}
}

// TestCut: a file that ends early is an error.
func TestCut(t *testing.T) {
	b := Encode(&Model{Graph: full().Graph})
	for n := range b {
		_, err := Decode(b[:n])
		require.Error(t, err, "%d of %d bytes", n, len(b))
	}
}

// FuzzDecode: any bytes give a model or an error, and a model is encoded and decoded without change.
func FuzzDecode(f *testing.F) {
	f.Add(Encode(full()))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Decode(b)
		if err != nil {
			return
		}
		again, err := Decode(Encode(m))
		require.NoError(t, err)
		require.Equal(t, Encode(m), Encode(again))
	})
}
