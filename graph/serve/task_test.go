package serve

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"
)

// TestArrays sends .npy arrays of every type to models of both element types.
func TestArrays(t *testing.T) {
	limits := Config{MaxBody: 1000, MaxRows: 2, MaxRunning: 2, Timeout: limitsOfTests.Timeout}
	single, double := started(t, &fake{}, limits), started(t, &fake{double: true}, limits)
	x32 := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float32{1, -2, 0.5, 3e38}))
	x64 := tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float64{0.1, 1e300}))
	half := tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float64{0.5, 2}))
	shaped := func(n ...int) []byte { return npy(t, tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(n...))) }
	pair := func(data any) []byte { return npy(t, tensor.New(tensor.WithShape(1, 2), tensor.WithBacking(data))) }
	for _, c := range []struct {
		url  string
		body []byte
		want string // prefix of the status and the answer
	}{
		{single, npy(t, x32), "200 {\"outputs\":[[-1,2],[-0.5,-3e+38]]}\n"},
		{double, npy(t, x64), "200 {\"outputs\":[[-0.1,-1e+300]]}\n"},
		{single, npy(t, half), "200 {\"outputs\":[[-0.5,-2]]}\n"},
		{single, npy(t, x64), "400 {\"error\":\"inputs: got a number out of range, want one within the range of the model's element type\"}\n"},
		{single, shaped(3, 2), "413 {\"error\":\"inputs: got 3 samples, want at most 2 in a request\"}\n"},
		{single, shaped(2, 3), "400 {\"error\":\"inputs: got an array of shape [2 3], want one or more samples of shape [2]\"}\n"},
		{single, shaped(2), "400 {\"error\":\"inputs: got an array of shape [2], want one or more samples of shape [2]\"}\n"},
		{single, append(shaped(1, 2), 0), "400 {\"error\":\"datasets: the body: byte 136: "},
		{single, []byte("[[1,2]]"), "400 {\"error\":\"datasets: the body: byte 7: "},
		{single, pair([]bool{true, false}), "400 {\"error\":\"inputs: got elements of []bool, want numbers\"}\n"},
		{single, bytes.Replace(npy(t, x32), []byte("<f4"), []byte("<f2"), 1), "400 {\"error\":\"datasets: the body: byte 25: header: descr: got "},
		{single, bytes.Replace(npy(t, x64), []byte("<f8"), []byte("<c8"), 1), "400 {\"error\":\"datasets: the body: byte 25: header: descr: got "},
		{single, pair([]uint8{1, 255}), "200 {\"outputs\":[[-1,-255]]}\n"},
		{single, pair([]int8{-128, 127}), "200 {\"outputs\":[[128,-127]]}\n"},
		{single, pair([]uint16{1, 1<<16 - 1}), "200 {\"outputs\":[[-1,-65535]]}\n"},
		{single, pair([]int16{-1 << 15, 1<<15 - 1}), "200 {\"outputs\":[[32768,-32767]]}\n"},
		{double, pair([]uint32{1, 1<<32 - 1}), "200 {\"outputs\":[[-1,-4.294967295e+09]]}\n"},
		{double, pair([]int32{-1 << 31, 1<<31 - 1}), "200 {\"outputs\":[[2.147483648e+09,-2.147483647e+09]]}\n"},
		{double, pair([]uint64{1, 1 << 63}), "200 {\"outputs\":[[-1,-9.223372036854776e+18]]}\n"},
		{single, pair([]int64{-1 << 62, 1<<24 + 3}), "200 {\"outputs\":[[4.611686e+18,-1.677722e+07]]}\n"},
	} {
		r, err := client.Post(c.url+"/predict", "application/x-npy", bytes.NewReader(c.body))
		require.NoError(t, err)
		code, text := read(t, r)
		got := fmt.Sprint(code, " ", text)
		require.True(t, strings.HasPrefix(got, c.want), "got %q, want %q", got, c.want)
	}
}

// TestFormats checks the formats that headers name.
func TestFormats(t *testing.T) {
	for text, want := range map[string]format{
		"": jsonFormat, curlType: jsonFormat, "application/json": jsonFormat, "application/json; charset=utf-8": jsonFormat,
		"application/x-npy": npyFormat, "Application/X-NPY": npyFormat,
	} {
		got, failed := bodyFormat(text, false)
		require.Nil(t, failed)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"text/plain", "application/x-npy;;", "x"} {
		_, failed := bodyFormat(text, false)
		require.Equal(t, http.StatusUnsupportedMediaType, failed.code)
	}
	require.Equal(t, jsonFormat, answerFormat(nil))
	require.Equal(t, jsonFormat, answerFormat([]string{"*/*"}))
	require.Equal(t, npyFormat, answerFormat([]string{"text/html", "application/x-npy"}))
}
