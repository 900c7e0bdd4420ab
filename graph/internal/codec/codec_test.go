package codec

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

type shape interface{ Area() float64 }

type square struct {
	Side  float64
	Grown float32
}

func (s square) Area() float64 { return s.Side * s.Side }

type stack []shape

func (stack) Area() float64 { return 0 }

type boxed struct {
	shape
	Name string
}

type wrap struct {
	Inner  shape
	Sizes  []int
	Counts map[string][]uint64
	Next   *square
	Mode   mode
	On     bool
}

func (*wrap) Area() float64 { return 1 }

type hidden struct{ secret int }

func (hidden) Area() float64 { return 0 }

type shapeFunc func() float64

func (f shapeFunc) Area() float64 { return f() }

// mode is a type with only unexported fields that marshals itself.
type mode struct{ name string }

func (m mode) MarshalText() ([]byte, error) { return []byte(m.name), nil }
func (m *mode) UnmarshalText(text []byte) error {
	if m.name = string(text); m.name == "bad" {
		return errors.New("got bad")
	}
	return nil
}

func registry() *Registry {
	r := new(Registry)
	r.Register("square", square{})
	r.Register("stack", stack(nil))
	r.Register("wrap", &wrap{})
	r.Register("hidden", hidden{})
	return r
}

// TestRoundTrip: every kind of value is read back unchanged.
func TestRoundTrip(t *testing.T) {
	r := registry()
	values := []shape{
		nil, square{}, &square{Side: math.Inf(-1), Grown: 0.1}, square{Side: math.Copysign(0, -1)},
		square{Side: math.SmallestNonzeroFloat64, Grown: math.MaxFloat32}, stack{}, stack(nil), hidden{},
		stack{square{Side: 1}, nil, stack{square{Side: 1e300}}},
		&wrap{Inner: stack{&wrap{On: true}}, Sizes: []int{math.MinInt64, 0, math.MaxInt64}, Next: &square{Side: 1.0 / 3},
			Counts: map[string][]uint64{"": nil, "a\"\n": {}, "ß": {math.MaxUint64}}, Mode: mode{"m"}},
	}
	text, err := r.Encode("x", &values)
	require.NoError(t, err)
	require.Contains(t, string(text), `[null,{"type":"square"},{"type":"*square","Side":"-Inf","Grown":0.1},{"type":"square","Side":-0},`)
	var got []shape
	require.NoError(t, r.Decode("x", text, &got))
	require.True(t, reflect.DeepEqual(values, got), "%s", text)
	require.True(t, math.Signbit(got[3].(square).Side))
	again, err := r.Encode("x", &got)
	require.NoError(t, err)
	require.Equal(t, text, again)

	nan := math.NaN()
	text, err = r.Encode("x", &nan)
	require.NoError(t, err)
	back := 0.0
	require.NoError(t, r.Decode("x", text, &back))
	require.True(t, math.IsNaN(back))
}

// TestEncodeErrors: each error names the place of the value and what is wrong with it.
func TestEncodeErrors(t *testing.T) {
	r := registry()
	r.Register("clash", square{})
	r.Register("clash", boxed{})
	r.Register("func", shapeFunc(nil))
	loop := &wrap{}
	loop.Inner = loop
	for _, c := range []struct {
		v    shape
		want string
	}{
		{stack{square{}, boxed{}}, `net[1]: Register of "clash": got two types, codec.square and codec.boxed, want one`},
		{&wrap{Inner: shapeFunc(func() float64 { return 1 })}, `net.Inner: Register of "func": got a function, codec.shapeFunc, want a type with fields`},
		{stack{hidden{1}}, "net[0]: got the field secret of codec.hidden set, want it exported"},
		{loop, "got more than 100 levels"},
		{stack{(*wrap)(nil)}, "net[0]: got a nil *codec.wrap"},
		{&wrap{Mode: mode{"\xff"}}, "net.Mode: got \"\\xff\", want valid UTF-8"},
	} {
		t.Run(c.want, func(t *testing.T) {
			_, err := r.Encode("net", &c.v)
			require.ErrorContains(t, err, c.want)
		})
	}
	var v shape = stack{shapeFunc(nil)}
	_, err := new(Registry).Encode("net", &v)
	require.ErrorContains(t, err, "net: got a codec.stack, a type that is not registered: graph.Register it")
	_, err = registry().Encode("net", &v)
	require.ErrorContains(t, err, "net[0]: got a codec.shapeFunc, a function, which no file can hold")
	for _, v := range []any{new(chan int), new(map[int]int), new(complex128), 1, (*int)(nil), nil} {
		if c, ok := v.(*chan int); ok {
			*c = make(chan int)
		}
		if m, ok := v.(*map[int]int); ok {
			*m = map[int]int{1: 1}
		}
		_, err := r.Encode("net", v)
		require.ErrorContains(t, err, "net: got ")
	}
}

// TestDecodeErrors: each error is reported, and the variable does not change.
func TestDecodeErrors(t *testing.T) {
	r := registry()
	deep := strings.Repeat(`{"type":"stack","value":[`, 60) + strings.Repeat(`]}`, 60)
	for text, want := range map[string]string{
		``:                                    "x: unexpected EOF",
		`{`:                                   "x: unexpected EOF",
		`{}`:                                  `x: got "}", want a key`,
		`{"type":1}`:                          "got no type",
		`{"Side":1}`:                          "got no type",
		`1`:                                   "x: got \"1\", want a codec.shape",
		`[]`:                                  "want a codec.shape",
		`{"type":"circle"}`:                   `x: got the type "circle", which this program has not registered`,
		`{"type":"wrap"}`:                     "x: got a codec.wrap, want a codec.shape",
		`{"type":"**square"}`:                 `got the type "*square"`,
		`{"type":"square"} {}`:                "more than one value",
		`{"type":"square","Side":1,"Side":1}`: `got a second "Side"`,
		`{"type":"square","type":"square"}`:   `got the field "type"`,
		`{"type":"square","side":1}`:          `got the field "side", want a field of codec.square`,
		`{"type":"hidden","secret":1}`:        `got the field "secret"`,
		`{"type":"square","Side":"1"}`:        `x.Side: got "1", want a float64`,
		`{"type":"square","Side":1e999}`:      `x.Side: got "1e999"`,
		`{"type":"square","Side":null}`:       "x.Side: got null, want a float64",
		`{"type":"square","Side":[1]}`:        `x.Side: got "[", want a float64`,
		`{"type":"*wrap","Sizes":[1.5]}`:      `x.Sizes[0]: got "1.5", want a int`,
		`{"type":"*wrap","Sizes":[9223372036854775808]}`:                             `want a int`,
		`{"type":"*wrap","Sizes":{}}`:                                                "x.Sizes: got \"{\", want a []int",
		`{"type":"*wrap","Counts":{"a":[-1]}}`:                                       `x.Counts.a[0]: got "-1", want a uint64`,
		`{"type":"*wrap","Counts":{"a":[],"a":[]}}`:                                  `x.Counts: got a second "a"`,
		`{"type":"*wrap","On":1}`:                                                    `x.On: got "1", want a bool`,
		`{"type":"*wrap","Mode":"bad"}`:                                              "x.Mode: got bad",
		`{"type":"*wrap","Mode":1}`:                                                  `x.Mode: got "1", want a string`,
		`{"type":"*wrap","Next":{"Side":"+Infinity"}}`:                               "x.Next.Side",
		`{"type":"stack","value":[{"type":"square"}`:                                 "unexpected EOF",
		`{"type":"stack","value":[1,]}`:                                              "x[0]: got \"1\"",
		`{"type":"stack","more":[]}`:                                                 `got the key "more", want value`,
		`{"type":"stack","value":[` + strings.Repeat("null,", 10) + `{"type":"x"}]}`: `x[10]: got the type "x"`,
		deep: "got more than 100 levels",
		`{"type":"stack","value":[` + strings.Repeat(`{"type":"square"},`, maxObjects) + `null]}`: "more than 16384 values with a type",
	} {
		t.Run(fmt.Sprintf("%.60s", text), func(t *testing.T) {
			var v shape = square{Side: 7}
			require.ErrorContains(t, r.Decode("x", []byte(text), &v), want)
			require.Equal(t, square{Side: 7}, v)
		})
	}
}

// TestState: all entries are set or none; an entry that was not written becomes zero.
func TestState(t *testing.T) {
	r := registry()
	count, best, name, list, untouched := 3, math.Inf(1), "", []float64{1, math.NaN()}, 0
	entries := func() map[string]any {
		return map[string]any{"count": &count, "best": &best, "inner": map[string]any{"name": &name, "list": &list}, "zero": &untouched}
	}
	text, err := r.EncodeState("s", entries())
	require.NoError(t, err)
	require.Equal(t, `{"best":"+Inf","count":3,"inner":{"list":[1,"NaN"]}}`, string(text))
	count, best, name, list, untouched = 1, 2, "x", nil, 5
	for _, c := range []struct{ text, want string }{
		{`{"count":9,"best":"x"}`, "s.best"},
		{`{"count":9,"other":1}`, "s.other: got an unknown entry"},
		{`{"count":9,"count":9}`, `got a second "count"`},
		{`{"count":9,"inner":[]}`, "s.inner: got"},
		{`{"count":9`, "unexpected EOF"},
		{`{"count":9,"inner":{}} 1`, "more than one value"},
		{`[]`, "want an object"},
		{`{"count":9}`, "s.inner: got no entry, want a group"},
	} {
		t.Run(c.text, func(t *testing.T) {
			require.ErrorContains(t, r.DecodeState("s", []byte(c.text), entries()), c.want)
			require.Equal(t, []any{1, 2.0, "x", []float64(nil), 5}, []any{count, best, name, list, untouched})
		})
	}
	require.NoError(t, r.DecodeState("s", text, entries()))
	require.Equal(t, []any{3, math.Inf(1), "", 0}, []any{count, best, name, untouched})
	require.Len(t, list, 2)
	_, err = r.EncodeState("s", map[string]any{"a": 1})
	require.ErrorContains(t, err, "s.a: got a int, want a pointer")
	require.ErrorContains(t, r.DecodeState("s", []byte("{}"), map[string]any{"a": 1}), "s.a: got a int, want a pointer")
}
