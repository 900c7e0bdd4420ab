package safetensors

import "fmt"

// A DType is an element type: its name in the format. A file may also contain types that this package does not know; their
// tensors are read and written as bytes, whose number is not checked.
type DType string

// The known element types. Floats describes the floating-point types of 8 bits.
const (
	Bool       DType = "BOOL"
	U8         DType = "U8"
	I8         DType = "I8"
	F8E5M2     DType = "F8_E5M2"
	F8E4M3     DType = "F8_E4M3"
	F8E8M0     DType = "F8_E8M0"
	F8E4M3FNUZ DType = "F8_E4M3FNUZ"
	F8E5M2FNUZ DType = "F8_E5M2FNUZ"
	I16        DType = "I16"
	U16        DType = "U16"
	F16        DType = "F16"
	BF16       DType = "BF16"
	I32        DType = "I32"
	U32        DType = "U32"
	F32        DType = "F32"
	F64        DType = "F64"
	I64        DType = "I64"
	U64        DType = "U64"
)

// dtypes lists the known types in the order of the format's reference library, by rising alignment. Write begins with the last.
var dtypes = []struct {
	DType
	size int // of an element, in bytes
}{
	{Bool, 1}, {U8, 1}, {I8, 1}, {F8E5M2, 1}, {F8E4M3, 1}, {F8E8M0, 1}, {F8E4M3FNUZ, 1}, {F8E5M2FNUZ, 1},
	{I16, 2}, {U16, 2}, {F16, 2}, {BF16, 2}, {I32, 4}, {U32, 4}, {F32, 4}, {F64, 8}, {I64, 8}, {U64, 8},
}

// order returns the type's place in dtypes; -1 if it is not known.
func (d DType) order() int {
	for i, known := range dtypes {
		if d == known.DType {
			return i
		}
	}
	return -1
}

// Known reports whether the package knows the type, so that Floats converts its elements.
func (d DType) Known() bool { return d.order() >= 0 }

// size returns the size of an element in bytes; 0 for a type that is not known.
func (d DType) size() int {
	if i := d.order(); i >= 0 {
		return dtypes[i].size
	}
	return 0
}

// String returns the type's name in the format, such as "F32"; a name that is not known is quoted, and cut if it is long.
func (d DType) String() string {
	if d.Known() {
		return string(d)
	}
	return fmt.Sprintf("%.32q", string(d))
}
