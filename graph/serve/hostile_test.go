package serve

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"
)

// endless is a body without an end.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "[{"[i%2]
	}
	e.read += int64(len(p))
	return len(p), nil
}

// answered returns the status, the answer and its media type of a request that is not sent over a network.
func answered(h http.Handler, kind, accept string, body io.Reader) (int, string, string) {
	r := httptest.NewRequest("POST", "/predict", body)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Accept", accept)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String(), w.Header().Get("Content-Type")
}

// TestHostile has bodies that are made to do harm. Each is an error that says where, what it got and what it wants; none takes more
// memory than a multiple of MaxBody.
func TestHostile(t *testing.T) {
	const most = 1 << 20
	c := Config{MaxBody: most, MaxRows: 8, MaxSize: 64}
	arrays, err := New(small(t, 1, 3), c)
	require.NoError(t, err)
	rows, err := New(tabular(t, "kind"), c)
	require.NoError(t, err)
	varying, err := New(sequences(t), c)
	require.NoError(t, err)
	row := func(v ...float32) []byte {
		return npy(t, tensor.New(tensor.WithShape(1, 4), tensor.WithBacking(v)))
	}
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	huge := bytes.Replace(row(1, 2, 3, 4), []byte("(1, 4)"), []byte("(1<<9)"), 1)
	billions := bytes.Replace(row(1, 2, 3, 4), []byte("(1, 4), }          "), []byte("(9999999999999, 4)}"), 1)
	fill := func(text string) string { return strings.Repeat(text, (most-100)/len(text)) }
	for _, c := range []struct {
		name string
		h    *Handler
		kind string
		body io.Reader
		want string
	}{
		{"endless", arrays, "", &endless{}, "413 body: got more than 1048576 bytes, want at most 1048576"},
		{"deep", arrays, "", strings.NewReader(`{"inputs":` + fill("[")), `400 byte 12: got "[[[[[[[[[[[[[[[[", want a number`},
		{"wide", arrays, "", strings.NewReader(`{"inputs":[[` + fill("0,")), "want the end of an array of 4 elements"},
		{"many samples", arrays, "", strings.NewReader(`{"inputs":[` + fill("[1,2,3,4],")), "413 got more than 8 samples, want at most 8"},
		{"long number", arrays, "", strings.NewReader(`{"inputs":[[` + fill("9")), "want a number within the range"},
		{"white space", arrays, "", strings.NewReader(`{"inputs":[[` + fill(" ")), "got the end, want a number"},
		{"no utf-8", arrays, "", strings.NewReader("{\"inputs\":[[\xff"), `got "\xff", want a number`},
		{"NaN", arrays, "", strings.NewReader(`{"inputs":[[NaN,1,2,3]]}`), `400 byte 12: got "NaN,1,2,3]]}", want a number`},
		{"NaN in npy", arrays, "application/x-npy", bytes.NewReader(row(1, 2, nan, 4)), "400 inputs: sample 0, element 2: got NaN, want a finite number"},
		{"infinity in npy", arrays, "application/x-npy", bytes.NewReader(row(1, 2, 3, inf)), "400 inputs: sample 0, element 3: got -Inf, want a finite number"},
		{"no rows in npy", arrays, "application/x-npy", bytes.NewReader(npy(t, tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(4)))), "400 inputs: got an array of shape [4]"},
		{"shape in npy", arrays, "application/x-npy", bytes.NewReader(huge), "400 datasets: the body: "},
		{"size in npy", arrays, "application/x-npy", bytes.NewReader(billions), "400 datasets: the body: "},
		{"commas", varying, "", strings.NewReader(`{"inputs":[[[` + fill(",")), "want a number"},
		{"long sequence", varying, "", strings.NewReader(`{"inputs":[[` + fill("[1,2],") + "[1,2]]]}"), "413 inputs: got samples of shape"},
		{"empty samples", varying, "", strings.NewReader(`{"inputs":[` + fill("[],")), "want 1 elements, not the array's end after 0"},
		{"many rows", rows, "", strings.NewReader(`{"rows":[` + fill("{},")), "413 rows: got more than 8, want at most 8 in a request"},
		{"deep rows", rows, "", strings.NewReader(`{"rows":` + fill("[")), `400 row 0: byte 10: got [, want an object`},
		{"deep value", rows, "", strings.NewReader(`{"rows":[{"size":` + fill("[")), `400 row 0: column "size": byte 18: got [, want a number, a string`},
		{"many columns", rows, "", strings.NewReader(`{"rows":[{` + columns(4000)), `400 row 0: byte`},
		{"column twice", rows, "", strings.NewReader(`{"rows":[{"size":1,"size":2}]}`), `got the column "size" twice, want it once`},
		{"long string", rows, "", strings.NewReader(`{"rows":[{"size":"` + fill("x") + `"}]}`), `row 0: column "size": got the string "xxxx`},
		{"large number", rows, "", strings.NewReader(`{"rows":[{"size":1e39}]}`), `row 0: column "size": got 1e+39, want a number in the range of float32`},
		{"object without an end", rows, "", strings.NewReader(`{"rows":[{"size":1`), `row 0: byte 18: got the end, want a comma or the object's end`},
		{"not JSON", rows, "", strings.NewReader(`{"rows":[{"size":1 2}]}`), `400 row 0: byte`},
		{"NaN in a row", rows, "", strings.NewReader(`{"rows":[{"size":NaN}]}`), `column "size": byte`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			code, text, _ := answered(c.h, c.kind, "", c.body)
			runtime.ReadMemStats(&after)
			got := fmt.Sprint(code, " ", strings.ReplaceAll(strings.TrimPrefix(text, `{"error":"`), `\"`, `"`))
			got = strings.ReplaceAll(got, `\\`, `\`)
			require.Contains(t, got, c.want)
			require.True(t, code == 400 || code == 413, got)
			require.Contains(t, got, "want")
			require.Less(t, len(text), 700)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(30*most))
			if e, ok := c.body.(*endless); ok {
				require.LessOrEqual(t, e.read, int64(4*most))
			}
		})
	}
}

// columns returns the beginning of a row with n columns.
func columns(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "\"c%d\":1,", i)
	}
	return b.String()
}
