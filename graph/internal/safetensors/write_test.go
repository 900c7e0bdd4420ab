package safetensors

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestBytes: the files are byte for byte those of the format's reference library; see its tests test_serialization, test_empty
// and test_serialization_forced_alignement of huggingface/safetensors, safetensors/src/tensor.rs.
func TestBytes(t *testing.T) {
	data := counting(24)
	for _, r := range []struct {
		name   string
		file   File
		header string
	}{
		{"no padding", File{Tensors: []Tensor{{"attn.0", F32, []int{1, 2, 3}, data}}},
			`{"attn.0":{"dtype":"F32","shape":[1,2,3],"data_offsets":[0,24]}}`},
		{"padding", File{Tensors: []Tensor{{"attn0", F32, []int{1, 1, 2, 3}, data}}},
			`{"attn0":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}       `},
		{"empty", File{}, `{}      `},
		{"only metadata", File{Metadata: map[string]string{"framework": "pt"}}, `{"__metadata__":{"framework":"pt"}}     `},
	} {
		t.Run(r.name, func(t *testing.T) {
			var all []byte
			for _, t := range r.file.Tensors {
				all = append(all, t.Data...)
			}
			require.Equal(t, string(raw(r.header, all)), string(written(t, &r.file)))
		})
	}
}

// TestOrder: larger elements come first, then tensors are ordered by name, whatever the order in File, so all are aligned.
func TestOrder(t *testing.T) {
	f := sample()
	first := written(t, f)
	slices.Reverse(f.Tensors)
	require.Equal(t, first, written(t, f))
	got, err := Read(bytes.NewReader(first))
	require.NoError(t, err)
	var names []string
	at := 0
	for _, tensor := range got.Tensors {
		names = append(names, tensor.Name)
		require.Zero(t, at%max(tensor.DType.size(), 1), tensor.Name)
		at += len(tensor.Data)
	}
	require.Equal(t, []string{"", "scalar", "empty", "floats", "ints", "bhalf/é😀", "half \"quoted\" \\", "a/bytes", "packed"}, names)
	require.Zero(t, (len(first)-at)%8)
}

func TestWriteErrors(t *testing.T) {
	two := Tensor{"a", F32, []int{1}, counting(4)}
	for name, r := range map[string]struct {
		file File
		want string
	}{
		"twice":          {File{Tensors: []Tensor{two, {"a", F64, []int{1}, counting(8)}}}, `safetensors: tensor "a": got two of this name, want one`},
		"size":           {File{Tensors: []Tensor{{"a", F32, []int{2}, counting(4)}}}, `tensor "a": got 4 bytes of data, want 8 for F32 of shape [2]`},
		"negative":       {File{Tensors: []Tensor{{"a", F32, []int{-1, -1}, counting(4)}}}, `got shape [-1 -1], want dimensions of 0 or more`},
		"overflow":       {File{Tensors: []Tensor{{"a", F32, []int{math.MaxInt, math.MaxInt, math.MaxInt}, nil}}}, `want at most 9223372036854775807 bytes`},
		"type":           {File{Tensors: []Tensor{{"a", "a\xff", []int{1}, counting(4)}}}, `dtype: got "a\xff", want the name of a type in valid UTF-8`},
		"no type":        {File{Tensors: []Tensor{{"a", "", []int{1}, counting(4)}}}, `dtype: got "", want the name of a type`},
		"rank":           {File{Tensors: []Tensor{{"a", U8, make([]int, 65), nil}}}, `got 65 dimensions, want at most 64`},
		"reserved name":  {File{Tensors: []Tensor{{"__metadata__", U8, []int{1}, counting(1)}}}, `got the name "__metadata__", want valid UTF-8 other than "__metadata__"`},
		"broken name":    {File{Tensors: []Tensor{{"a\xff", U8, []int{1}, counting(1)}}}, `tensor "a\xff": got the name "a\xff", want valid UTF-8`},
		"broken key":     {File{Metadata: map[string]string{"a\xff": "b"}}, `metadata "a\xff"`},
		"broken value":   {File{Metadata: map[string]string{"a": "\xff"}}, `metadata "a": got "\xff", want valid UTF-8`},
		"header too big": {File{Metadata: map[string]string{"a": strings.Repeat("x", maxHeader)}}, `header: got 100000032 bytes, want at most 100000000`},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			require.ErrorContains(t, Write(&b, &r.file), r.want)
			require.Zero(t, b.Len(), "an invalid file must not be written in part")
		})
	}
}

// limited is a writer that fails after that many bytes.
type limited int

var errFull = errors.New("full")

func (l *limited) Write(p []byte) (int, error) {
	if len(p) > int(*l) {
		return int(*l), errFull
	}
	*l -= limited(len(p))
	return len(p), nil
}

// TestWriteFails: an error of the writer is returned, wherever it occurs.
func TestWriteFails(t *testing.T) {
	whole := len(written(t, sample()))
	for n := range whole {
		l := limited(n)
		require.ErrorIs(t, Write(&l, sample()), errFull)
	}
	l := limited(whole)
	require.NoError(t, Write(&l, sample()))
}
