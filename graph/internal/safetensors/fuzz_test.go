package safetensors

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzRead: for any input, Read returns an error, or a complete file whose header encoding/json reads in the same way, and
// which stays the same when it is written and read again.
func FuzzRead(f *testing.F) {
	f.Add(written(f, sample()))
	f.Add(written(f, &File{}))
	f.Add(raw(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, counting(4)))
	f.Add(raw(`{"__metadata__":{"\u00e9\ud83d\ude00":"\\"},"a":{"shape":[],"data_offsets":[0,8],"dtype":"F64"}}  `, counting(8)))
	f.Add(raw(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}`, counting(4)))
	f.Add(raw(`{"a":{"dtype":"U8","shape":[9223372036854775807,2],"data_offsets":[0,4]}}`, counting(4)))
	f.Fuzz(func(t *testing.T, file []byte) {
		got, err := Read(bytes.NewReader(file))
		if err != nil {
			require.Nil(t, got)
			return
		}
		requireWhole(t, got)
		requireLikeJSON(t, file, got)
		canonical := written(t, got)
		again, err := Read(bytes.NewReader(canonical))
		require.NoError(t, err)
		require.Equal(t, got.Metadata, again.Metadata)
		require.ElementsMatch(t, got.Tensors, again.Tensors)
		require.Equal(t, canonical, written(t, again))
	})
}

// requireLikeJSON compares a file with its header as encoding/json reads it.
func requireLikeJSON(t *testing.T, file []byte, f *File) {
	t.Helper()
	size := 0
	for _, tensor := range f.Tensors {
		size += len(tensor.Data)
	}
	header := file[lengthSize : len(file)-size]
	fields := map[string]json.RawMessage{}
	require.NoError(t, json.Unmarshal(header, &fields))
	if text, ok := fields[metadataName]; ok {
		var metadata map[string]string
		require.NoError(t, json.Unmarshal(text, &metadata))
		require.Equal(t, metadata, f.Metadata)
		delete(fields, metadataName)
	}
	require.Len(t, f.Tensors, len(fields))
	for _, tensor := range f.Tensors {
		var info struct {
			DType   string   `json:"dtype"`
			Shape   []int    `json:"shape"`
			Offsets [2]int64 `json:"data_offsets"`
		}
		require.NoError(t, json.Unmarshal(fields[tensor.Name], &info))
		require.Equal(t, string(tensor.DType), info.DType)
		require.Equal(t, tensor.Shape, info.Shape)
		require.Equal(t, file[int64(len(file)-size)+info.Offsets[0]:int64(len(file)-size)+info.Offsets[1]], tensor.Data)
	}
}
