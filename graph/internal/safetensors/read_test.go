package safetensors

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// TestRoundTrip: a written file is read back, by readers of several kinds, and written again as the same bytes.
func TestRoundTrip(t *testing.T) {
	file := written(t, sample())
	for name, wrap := range map[string]func(io.Reader) io.Reader{
		"plain": func(r io.Reader) io.Reader { return r }, "bytewise": iotest.OneByteReader, "data with EOF": iotest.DataErrReader,
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Read(wrap(bytes.NewReader(file)))
			require.NoError(t, err)
			require.Equal(t, sample().Metadata, got.Metadata)
			require.ElementsMatch(t, sample().Tensors, got.Tensors)
			require.Equal(t, file, written(t, got))
		})
	}
}

// TestLarge: data larger than the first allocation.
func TestLarge(t *testing.T) {
	f := &File{Tensors: []Tensor{{"large", U8, []int{5*firstPiece + 3}, counting(5*firstPiece + 3)}}}
	got, err := Read(bytes.NewReader(written(t, f)))
	require.NoError(t, err)
	require.Equal(t, f.Tensors, got.Tensors)
}

// TestForeign: files of other writers, with the tensors in another order than their data, white space and escapes.
func TestForeign(t *testing.T) {
	f, err := Read(bytes.NewReader(raw("{ \"b\" : {\"data_offsets\":[4,\t8],\r\n\"shape\":[ ] , \"dtype\":\"I32\"},"+
		`"\u00e9\ud83d\uDE00\"\\\/\b\f\n\r\t\ufffd":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},`+
		`"none":{"dtype":"U8","shape":[0],"data_offsets":[4,4]}, "__metadata__":{}}   `, counting(8))))
	require.NoError(t, err)
	require.Equal(t, []Tensor{
		{"é😀\"\\/\b\f\n\r\t\ufffd", F32, []int{1}, []byte{0, 1, 2, 3}},
		{"none", U8, []int{0}, []byte{}},
		{"b", I32, []int{}, []byte{4, 5, 6, 7}},
	}, f.Tensors)
	require.NotNil(t, f.Metadata)
	require.Empty(t, f.Metadata)
}

// TestReadErrors: each file is rejected, and the error says where, what was there and what was wanted.
func TestReadErrors(t *testing.T) {
	const tail = `,"data_offsets":[0,4]}}`
	data := counting(4)
	for _, r := range []struct{ name, header, want string }{
		{"empty header", ``, "header: byte 8: got the end of the header, want '{'"},
		{"array", `[]`, `header: byte 8: got "[]", want '{'`},
		{"space in front", ` {}`, `byte 8: got " {}", want '{'`},
		{"unfinished", `{"a":{"dtype":"F32"`, "byte 27: got the end of the header, want ',' or '}'"},
		{"second object", `{}{}`, `byte 10: got "{}", want only spaces`},
		{"zero bytes after", "{}\x00", `byte 10: got "\x00", want only spaces`},
		{"not UTF-8", "{\"a\xff\":1}", "header: byte 11: got 0xff, want valid UTF-8"},
		{"control character", "{\"a\n\":1}", "byte 11: got \"\\n\\\":1}\", want a string without control characters"},
		{"lone surrogate", `{"\ud800":1}`, `want a whole escape sequence`},
		{"lone low surrogate", `{"\udc00":1}`, `want a whole escape sequence`},
		{"half a pair", `{"\ud800\u0041":1}`, `want a whole escape sequence`},
		{"bad escape", `{"\x41":1}`, `byte 10: got "\\x41\":1}", want a whole escape sequence`},
		{"bad digits", `{"\u00g1":1}`, `want a whole escape sequence`},
		{"escape at the end", `{"\`, `want a whole escape sequence`},
		{"short escape", `{"\u12`, `want a whole escape sequence`},
		{"string without end", `{"abc`, "byte 13: got the end of the header, want '\"'"},
		{"no colon", `{"a" 1}`, `byte 13: got "1}", want ':'`},
		{"no name", `{1:2}`, `byte 9: got "1:2}", want a string`},
		{"comma at the end", `{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],}}`, `want a string`},
		{"twice", `{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}`,
			`got a second "a", want each name once`},
		{"twice by escape", `{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0061":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}`,
			`got a second "a", want each name once`},
		{"metadata twice", `{"__metadata__":{},"__metadata__":{}}`, `got a second "__metadata__"`},
		{"key of metadata twice", `{"__metadata__":{"k":"1","k":"2"}}`, `got a second "k" in __metadata__`},
		{"metadata not a string", `{"__metadata__":{"k":1}}`, `byte 29: got "1}}", want a string`},
		{"metadata null", `{"__metadata__":null}`, `want '{'`},
		{"not an object", `{"a":7}`, `header: tensor "a": byte 13: got "7}", want '{'`},
		{"nothing", `{"a":{}}`, `tensor "a": byte 15: got a tensor without dtype, shape or data_offsets`},
		{"no dtype", `{"a":{"shape":[1]` + tail, `got a tensor without dtype, shape or data_offsets`},
		{"no shape", `{"a":{"dtype":"F32"` + tail, `got a tensor without dtype, shape or data_offsets`},
		{"no offsets", `{"a":{"dtype":"F32","shape":[1]}}`, `got a tensor without dtype, shape or data_offsets`},
		{"field twice", `{"a":{"dtype":"F32","dtype":"F32","shape":[1]` + tail, `got the field "dtype", want dtype, shape and data_offsets once each`},
		{"shape twice", `{"a":{"dtype":"F32","shape":[],"shape":[1]` + tail, `got the field "shape"`},
		{"offsets twice", `{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]` + tail, `got the field "data_offsets"`},
		{"other case", `{"a":{"Dtype":"F32","shape":[1]` + tail, `got the field "Dtype"`},
		{"empty type", `{"a":{"dtype":"","shape":[4]` + tail, `dtype: got an empty string, want the name of a type, such as F32`},
		{"unknown type overlaps", `{"a":{"dtype":"X","shape":[4],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}`,
			`tensor "b": data_offsets: got [2 4], want the beginning 3`},
		{"type not a string", `{"a":{"dtype":32,"shape":[1]` + tail, `got "32,\"shape\":[1],\"", want a string`},
		{"wrong type", `{"a":{"dtype":"F64","shape":[1]` + tail, `tensor "a": data_offsets: got [0 4], 4 bytes, want 8 for F64 of shape [1]`},
		{"negative", `{"a":{"dtype":"F32","shape":[-1]` + tail, `want an integer of 0 or more`},
		{"fraction", `{"a":{"dtype":"F32","shape":[1.0]` + tail, `got ".0],\"data_offset", want ',' or ']'`},
		{"power", `{"a":{"dtype":"F32","shape":[1e0]` + tail, `want ',' or ']'`},
		{"leading zero", `{"a":{"dtype":"F32","shape":[01]` + tail, `got "01],\"data_offset", want an integer of 0 or more`},
		{"shape of strings", `{"a":{"dtype":"F32","shape":["1"]` + tail, `want an integer of 0 or more`},
		{"nested shape", `{"a":{"dtype":"F32","shape":[[1]]` + tail, `want an integer of 0 or more`},
		{"large integer", `{"a":{"dtype":"F32","shape":[9223372036854775808]` + tail, `want an integer of at most 63 bits`},
		{"product overflows", `{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647]` + tail, `want at most 9223372036854775807 bytes`},
		{"product wraps to 0", `{"a":{"dtype":"U8","shape":[1073741824,1073741824,16],"data_offsets":[0,0]}}`, `want at most 9223372036854775807 bytes`},
		{"rank", `{"a":{"dtype":"F32","shape":[` + strings.Repeat("1,", 64) + "1]" + tail, `got more than 64 dimensions`},
		{"one offset", `{"a":{"dtype":"F32","shape":[0],"data_offsets":[0]}}`, `data_offsets: got [0], want the beginning and the end`},
		{"three offsets", `{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}`, `data_offsets: got more than 2 integers`},
		{"backwards", `{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}`, `data_offsets: got [4 0], want the beginning and the end`},
		{"gap at the beginning", `{"a":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}`, `got [1 4], want the beginning 0`},
		{"gap", `{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}`,
			`tensor "b": data_offsets: got [2 4], want the beginning 1, where the tensor before it ends`},
		{"overlap", `{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}`,
			`tensor "b": data_offsets: got [2 4], want the beginning 3`},
		{"the same data", `{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`,
			`tensor "b": data_offsets: got [0 4], want the beginning 4`},
		{"data too short", `{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, "the data: got 4 bytes, want 8: unexpected EOF"},
		{"data too long", `{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}`, "the data: got more than 3 bytes, want the size in the header"},
		{"an exabyte", `{"a":{"dtype":"U8","shape":[1000000000,1000000000],"data_offsets":[0,1000000000000000000]}}`, "the data: got"},
	} {
		t.Run(r.name, func(t *testing.T) {
			f, err := Read(bytes.NewReader(raw(r.header, data)))
			require.Nil(t, f)
			require.ErrorContains(t, err, "safetensors: ")
			require.ErrorContains(t, err, r.want)
			require.Less(t, len(err.Error()), 300)
		})
	}
}

// TestHeaderLength: lengths that are not possible.
func TestHeaderLength(t *testing.T) {
	for length, want := range map[uint64]string{
		maxHeader:      "the header: got 2 bytes, want 100000000: unexpected EOF",
		maxHeader + 1:  "header: got a length of 100000001 bytes, want at most 100000000: is this a safetensors file?",
		math.MaxInt64:  "header: got a length of 9223372036854775807 bytes",
		math.MaxUint64: "header: got a length of 18446744073709551615 bytes",
		1:              `header: byte 8: got`,
	} {
		t.Run(fmt.Sprint(length), func(t *testing.T) {
			_, err := Read(bytes.NewReader(append(binary.LittleEndian.AppendUint64(nil, length), '[', ']')))
			require.ErrorContains(t, err, want)
		})
	}
}

// TestTruncated: a file cut off anywhere is io.ErrUnexpectedEOF; a longer file is an error, too.
func TestTruncated(t *testing.T) {
	file := written(t, sample())
	for n := range file {
		_, err := Read(bytes.NewReader(file[:n]))
		require.ErrorIs(t, err, io.ErrUnexpectedEOF, n)
	}
	_, err := Read(bytes.NewReader(append(file, 0)))
	require.ErrorContains(t, err, "got more than")
}

// TestReaderFails: an error of the reader is returned, and is not taken for the end of the file.
func TestReaderFails(t *testing.T) {
	broken := errors.New("broken")
	file := written(t, sample())
	for n := range len(file) + 1 {
		_, err := Read(io.MultiReader(bytes.NewReader(file[:n]), iotest.ErrReader(broken)))
		require.ErrorIs(t, err, broken, n)
	}
}

// TestBitFlips: a flipped bit gives an error or a complete file.
func TestBitFlips(t *testing.T) {
	file := written(t, sample())
	refused := 0
	for i := range 8 * len(file) {
		file[i/8] ^= 1 << (i % 8)
		if f, err := Read(bytes.NewReader(file)); err != nil {
			require.Nil(t, f)
			refused++
		} else {
			requireWhole(t, f)
		}
		file[i/8] ^= 1 << (i % 8)
	}
	require.Greater(t, refused, 64) // any flip in the length at least
}

// requireWhole checks that every tensor has as much data as its shape needs.
func requireWhole(t *testing.T, f *File) {
	t.Helper()
	for _, tensor := range f.Tensors {
		require.NoError(t, tensor.check())
	}
}

// TestMemory: reading a hostile file uses memory proportional to the file's size.
func TestMemory(t *testing.T) {
	var names, nested, texts strings.Builder
	for i := range 20_000 {
		names.WriteString(`"` + strings.Repeat("a", i%3) + string(rune(0x4e00+i)) + `":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},`)
	}
	nested.WriteString(`{"a":{"dtype":"U8","data_offsets":[0,0],"shape":`)
	nested.WriteString(strings.Repeat("[", 1<<20))
	for i := range 1 << 16 {
		texts.WriteString(`"` + string(rune(0x10000+i)) + `":"",`)
	}
	tensors := "{" + strings.TrimSuffix(names.String(), ",") + "}"
	for name, file := range map[string][]byte{
		"many tensors":  raw(tensors, nil),
		"many brackets": raw(nested.String(), nil),
		"long shape":    raw(`{"a":{"dtype":"U8","data_offsets":[0,0],"shape":[0`+strings.Repeat(",1", 1<<20)+`]}}`, nil),
		"long offsets":  raw(`{"a":{"dtype":"U8","shape":[0],"data_offsets":[0`+strings.Repeat(",1", 1<<20)+`]}}`, nil),
		"long name":     raw(`{"`+strings.Repeat("a", 1<<20)+`":{}}`, nil),
		"long escapes":  raw(`{"`+strings.Repeat(`\u4e00`, 1<<18)+`":{}}`, nil),
		"long string":   raw(`{"__metadata__":{"a":"`+strings.Repeat("a", 1<<20)+`"}}`, nil),
		"many strings":  raw(`{"__metadata__":{`+strings.TrimSuffix(texts.String(), ",")+`}}`, nil),
		"lying header":  append(binary.LittleEndian.AppendUint64(nil, maxHeader), '{'),
		"lying data":    raw(`{"a":{"dtype":"U8","shape":[1000000000000000000],"data_offsets":[0,1000000000000000000]}}`, counting(1<<20)),
		"honest data":   raw(`{"a":{"dtype":"U8","shape":[1048576],"data_offsets":[0,1048576]}}`, counting(1<<20)),
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			f, err := Read(bytes.NewReader(file))
			runtime.ReadMemStats(&after)
			runtime.KeepAlive(f)
			t.Logf("%d bytes, %.1f times the file in all, error %v", len(file), float64(after.TotalAlloc-before.TotalAlloc)/float64(len(file)), err)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(25*len(file)+2*firstPiece))
		})
	}
}
