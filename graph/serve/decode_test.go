package serve

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"
)

// numberTexts holds edge cases of rounding, range and syntax; not all are numbers.
var numberTexts = []string{
	"0", "-0", "1", "-1", "0.5", "12345678", "0.12345678", "0.123456789", "-0.49803922", "123456789012345", "1234567890123456", "1e5", "1E+5", "1e-5",
	"1.5e300", "1e400", "-1e400", "1e-400", "0.1e23", "1e22", "1e23", "3.4028235e38", "3.4028236e38", "3.5e38", "1e-45", "7e-46", "1.1754943e-38",
	"1.00000005960464477539", "1.000000059604644775390625", "1.0000000596046447753906250001", "16777217", "16777219", "33554434.999999999",
	"9007199254740993", "0.000000000000000000000001", "123456789.12345678", "1.12345678e-10", "0e0", "0.0", "100000000000000000000000",
	"", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "0x10", "NaN", "Infinity", "1_000", "1a", "00", "0.1234567a", "0.12345678a", "1234567.1.2", "0.12345678901234567890", "9999999.999999999999", "0.9999999999999999999", "9.999999999999999999", "12345678.5", "1234567", "-.5", "-0.0", "0.0", "0.00000000", "0.0000000000000001", "-", "1.e5", "0.5e-3", "1e99999999999",
}

// sameNumber compares number with encoding/json and strconv, at the end of a text and in the middle.
func sameNumber(t *testing.T, text string) {
	t.Helper()
	var want json.Number
	valid := text != "" && text[0] != '"' && json.Unmarshal([]byte(text), &want) == nil && want.String() == text
	w64, _ := strconv.ParseFloat(text, 64)
	w32, _ := strconv.ParseFloat(text, 32)
	for _, rest := range []string{"", ",11111111", "]        "} {
		v, approximate, n := number([]byte(text + rest))
		if !valid {
			if n >= len(text) && text != "" {
				t.Fatalf("%q: got %v, want an error", text, v)
			}
			continue
		}
		got64, got32 := rounded[float64](v, approximate, []byte(text)), rounded[float32](v, approximate, []byte(text))
		if n != len(text) || !sameBits(got64, w64) || !sameBits(got32, float32(w32)) {
			t.Fatalf("%q: got %v and %v from %d bytes, want %v and %v from %d", text, got64, got32, n, w64, w32, len(text))
		}
	}
}

func TestNumber(t *testing.T) {
	for _, text := range numberTexts {
		sameNumber(t, text)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		f := math.Float32frombits(rng.Uint32())
		sameNumber(t, strconv.FormatFloat(float64(f), "efg"[rng.IntN(3)], rng.IntN(12)-1, 32))
		half := math.Float64frombits(math.Float64bits(float64(f))&^(1<<29-1) | 1<<28) // between two float32
		sameNumber(t, strconv.FormatFloat(half, 'g', -1, 64))
		sameNumber(t, strconv.FormatFloat(math.Float64frombits(rng.Uint64()), 'g', rng.IntN(20)-1, 64))
		sameNumber(t, strconv.FormatFloat(half, 'f', 10+rng.IntN(20), 64))
		sameNumber(t, strconv.FormatFloat(math.Nextafter(half, float64(rng.IntN(3)-1)*math.Inf(1)), 'f', -1, 64))
		sameNumber(t, fmt.Sprintf("%d.%d", rng.IntN(1000), rng.Uint64()>>rng.IntN(64)))
		sameNumber(t, fmt.Sprintf("-0.%0*d", rng.IntN(22), rng.Uint64()>>rng.IntN(64)))
	}
}

func FuzzNumber(f *testing.F) {
	for _, text := range numberTexts {
		f.Add(text)
	}
	f.Fuzz(sameNumber)
}

func TestDecode(t *testing.T) {
	for text, want := range map[string][]float32{
		`{"inputs":[[1,2],[3,4],[-5e-1,6.25]]}`:            {1, 2, 3, 4, -0.5, 6.25},
		" \n{ \"inputs\" : [ [ 1 ,\t2 ] , [\r3,4 ] ] } \n": {1, 2, 3, 4},
		`{"inputs":[[0,0],[0,1],[-0,0]]}`:                  {0, 0, 0, 1, float32(math.Copysign(0, -1)), 0},
	} {
		got, rows, failed := decode[float32]([]byte(text), []int{2}, 3, []float32{9, 9})
		require.Nil(t, failed)
		require.Equal(t, want, got)
		require.Equal(t, len(want)/2, rows)
	}
	cube, rows, failed := decode[float64]([]byte(`{"inputs":[[[1,2,3],[4,5,6]],[[7,8,9],[10,11,0.1]]]}`), []int{2, 3}, 5, nil)
	require.Nil(t, failed)
	require.Equal(t, 2, rows)
	require.Equal(t, []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0.1}, cube)
	for n := range 12 { // zeros, which are read four at a time
		want := make([]float32, n+1)
		want[n] = float32(n % 2)
		text, err := json.Marshal(map[string]any{"inputs": [][]float32{want}})
		require.NoError(t, err)
		got, _, failed := decode([]byte(text), []int{n + 1}, 1, []float32{7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7}[:0])
		require.Nil(t, failed)
		require.Equal(t, want, got)
	}
}

func TestDecodeErrors(t *testing.T) {
	for _, c := range []struct {
		text string
		code int
		want string
	}{
		{``, 400, `byte 0: got the end, want the object {"inputs": [...]}`},
		{`[[1,2]]`, 400, `byte 0: got "[[1,2]]", want the object`},
		{`{}`, 400, `byte 1: got "}", want the key "inputs"`},
		{`{"input":[[1,2]]}`, 400, `want the key "inputs"`},
		{`{"inputs"`, 400, `byte 9: got the end, want a colon`},
		{`{"inputs":3}`, 400, `want an array of samples`},
		{`{"inputs":[]}`, 400, `want at least one sample`},
		{`{"inputs":[1,2]}`, 400, `byte 11: got "1,2]}", want an array of 2 elements, as in the model's input`},
		{`{"inputs":[[1,2],[3]]}`, 400, `sample 1, byte 19: got "]]}", want 2 elements, not the array's end after 1`},
		{`{"inputs":[[]]}`, 400, `byte 12: got "]]}", want 2 elements, not the array's end after 0`},
		{`{"inputs":[[1,2,3]]}`, 400, `want the end of an array of 2`},
		{`{"inputs":[[1,2,]]}`, 400, `want the end of an array of 2`},
		{`{"inputs":[[1,]]}`, 400, `byte 14: got "]]}", want a number`},
		{`{"inputs":[[1,null]]}`, 400, `got "null]]}", want a number`},
		{`{"inputs":[[1,"2"]]}`, 400, `want a number`},
		{`{"inputs":[[1,NaN]]}`, 400, `want a number`},
		{`{"inputs":[[1,2`, 400, `byte 15: got the end, want a comma or the array's end`},
		{`{"inputs":[[1,2.]]}`, 400, `want a number`},
		{`{"inputs":[[1 2]]}`, 400, `want a comma or the array's end`},
		{`{"inputs":[[1,1e39]]}`, 400, `byte 14: got "1e39]]}", want a number within the range of the model's element type`},
		{`{"inputs":[[1,2]`, 400, `sample 1, byte 16: got the end, want a comma or the array's end`},
		{`{"inputs":[[1,2]],"inputs":[[1,2]]}`, 400, `want the end of the object, which has no other key`},
		{`{"inputs":[[1,2]]} {`, 400, `want nothing after the object`},
		{`{"inputs":[[1,2],]}`, 400, `want an array of 2`},
		{`{"inputs":[[1,2],[1,2],[1,2],[1,2]]}`, 413, `got more than 3 samples`},
	} {
		t.Run(c.text, func(t *testing.T) {
			_, _, failed := decode[float32]([]byte(c.text), []int{2}, 3, nil)
			require.NotNil(t, failed)
			require.Equal(t, c.code, failed.code)
			require.Contains(t, failed.text, c.want)
		})
	}
	for text, want := range map[string]string{
		`{"inputs":[[1,2],[3,4]]}`:       `byte 12: got "1,2],[3,4]]}", want an array of 2`,
		`{"inputs":[[[1,2]]]}`:           `want 2 elements, not the array's end after 1`,
		`{"inputs":[[]]}`:                `want 2 elements, not the array's end after 0`,
		`{"inputs":[[[1,2],[3,4],[5]]]}`: `want the end of an array of 2`,
	} {
		t.Run(text, func(t *testing.T) {
			_, _, failed := decode[float32]([]byte(text), []int{2, 2}, 3, nil)
			require.NotNil(t, failed)
			require.Contains(t, failed.text, want)
		})
	}
}

// FuzzDecode checks that every accepted body is valid JSON with the same numbers.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"inputs":[[[1,2.5e1],[-3,4]],[[0,0],[0,0]]]}`))
	f.Add([]byte(" { \"inputs\" :[ [[1 ,2], [3,4] ]]}\n"))
	f.Add([]byte(`{"inputs":[[[1,2],[3]]]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, rows, failed := decode[float64](body, []int{2, 2}, 8, nil)
		if failed != nil {
			return
		}
		var want struct{ Inputs [][2][2]float64 }
		require.NoError(t, json.Unmarshal(body, &want))
		require.Len(t, want.Inputs, rows)
		var list []float64
		for _, m := range want.Inputs {
			list = append(list, m[0][0], m[0][1], m[1][0], m[1][1])
		}
		require.Equal(t, list, got)
	})
}

// BenchmarkDecode decodes 64 images of which most pixels are 0 as JSON.
func BenchmarkDecode(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	x := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(64, 784))
	for i := range x.Float32s() {
		if rng.IntN(5) == 0 {
			x.Float32s()[i] = float32(rng.IntN(256)) / 255
		}
	}
	body := request(x)
	b.SetBytes(int64(len(body)))
	var data []float32
	for b.Loop() {
		var failed *requestError
		if data, _, failed = decode(body, []int{784}, 64, data); failed != nil {
			b.Fatal(failed)
		}
	}
}
