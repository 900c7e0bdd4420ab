package live

import (
	"encoding/json"
	"fmt"
	"image"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTrack: a track of any length stays within its bounds, in order, and ends with the newest message.
func TestTrack(t *testing.T) {
	for _, n := range []int{0, 1, 7, 8, 9, 100, 12345} {
		tr := track{most: 8, size: 1 << 20}
		for i := range n {
			tr.add(fmt.Append(nil, i))
		}
		list, last := tr.all(nil), -1
		require.LessOrEqual(t, len(list), 9)
		for _, m := range list {
			var i int
			require.NoError(t, json.Unmarshal(m, &i))
			require.Greater(t, i, last)
			last = i
		}
		require.Equal(t, n-1, last)
	}
	tr := track{most: 1000, size: 100}
	for range 50 {
		tr.add(make([]byte, 40))
		require.LessOrEqual(t, tr.bytes, 100)
	}
}

// TestMessages reads every kind of message as JSON, with names and numbers that JSON does not have.
func TestMessages(t *testing.T) {
	var h hub
	r := &Run{Header: Header{Name: "a \"run\"\n<script>", Summary: "\x00\xff"}}
	h.begin(r)
	nan, inf := math.NaN(), math.Inf(-1)
	r.Step(Step{Step: 3, Loss: nan, Rate: inf, Left: 1e300})
	r.Epoch(1, 3, nan, []string{"a\"b", strings.Repeat("x", 1000)}, map[string]float64{"a\"b": nan})
	r.Layers(3, []Parameter{{Name: "w", Value: SpreadOf([]float32{1, 2}), Gradient: SpreadOf([]float64{nan})}})
	require.NoError(t, r.Images(1, []Image{{"one", image.NewGray(image.Rect(0, 0, 3, 2))}, {"empty", image.NewGray(image.Rectangle{})},
		{"large", image.NewUniform(image.White)}}))
	r.Drawing([]byte("<svg/>"))
	rate := 0.5
	r.Control(true, &rate)
	r.End("an \"error\"")
	list, _, _, _ := h.since(nothingSeen)
	kinds := ""
	for _, m := range list {
		var object struct{ T string }
		require.NoError(t, json.Unmarshal(m, &object), string(m))
		kinds += object.T + " "
	}
	require.Equal(t, "reset run step norms epoch layers images drawing control end ", kinds)
	require.Contains(t, string(r.steps.items[0]), `"v":[3,0,0,"NaN",0,"-Infinity",0,1e+300]`)
	require.NotNil(t, r.image(0))
	require.Nil(t, r.image(1))
	require.Nil(t, r.image(2))
}

// TestSince: a stream gets each message once, in order; one that is far behind gets everything.
func TestSince(t *testing.T) {
	var h hub
	r := &Run{}
	h.begin(r)
	_, seen, more, _ := h.since(nothingSeen)
	r.Step(Step{Step: 1})
	<-more
	list, now, _, _ := h.since(seen)
	require.Len(t, list, 1)
	require.Contains(t, string(list[0]), `"v":[1,`)
	list, _, _, _ = h.since(now)
	require.Empty(t, list)
	for i := range mostRecent + 1 {
		r.Step(Step{Step: i})
	}
	list, _, _, _ = h.since(now)
	require.Equal(t, resetMessage, list[0])
	require.Len(t, list, 2+mostRecent+2)
	for range mostRuns + 5 {
		h.begin(&Run{})
	}
	require.Len(t, h.runs, mostRuns)
	require.Nil(t, h.run(1))
}

// BenchmarkSpreadOf measures a parameter of 200,704 elements.
func BenchmarkSpreadOf(b *testing.B) {
	values := make([]float32, 784*256)
	for i := range values {
		values[i] = float32(i*7919%1000) / 1000
	}
	for b.Loop() {
		SpreadOf(values)
	}
}

func TestSpreadOf(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name   string
		values []float64
		norm   float64
		lo, hi float64
		bad    int
	}{
		{"none", nil, 0, 0, 0, 0},
		{"one", []float64{3}, 3, 3, 3, 0},
		{"equal", []float64{2, 2, 2, 2}, 4, 2, 2, 0},
		{"several", []float64{3, -4, 0}, 5, -4, 3, 0},
		{"not finite", []float64{nan, 3, inf, -4, -inf}, 5, -4, 3, 3},
		{"nothing finite", []float64{nan, inf}, 0, 0, 0, 2},
		{"far apart", []float64{-1e308, 1e308}, inf, -1e308, 1e308, 0},
		{"close together", []float64{0, 5e-324}, 0, 0, 5e-324, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, n := SpreadOf(c.values), 0
			for _, b := range s.Bars {
				n += b
			}
			require.Equal(t, len(c.values)-c.bad, n)
			s.Bars = [bins]int{}
			require.Equal(t, Spread{Norm: c.norm, Lo: c.lo, Hi: c.hi, Bad: c.bad}, s)
		})
	}
	s := SpreadOf([]float32{0, 1, 1, 39.5, 40})
	require.Equal(t, []int{1, 2}, s.Bars[:2])
	require.Equal(t, 2, s.Bars[bins-1])
	large := make([]float64, 1<<20)
	for i := range large {
		large[i] = float64(i % 512)
	}
	s = SpreadOf(large)
	require.InEpsilon(t, math.Sqrt(2048*511*512*1023/6), s.Norm, 1e-9)
	for _, n := range s.Bars { // 12 or 13 of 512 numbers
		require.InDelta(t, float64(len(large)/17)/bins, n, 200)
	}
}

// TestOpen reads logs as callbacks.JSONL leaves them.
func TestOpen(t *testing.T) {
	const line = `{"epoch":%d,"step":%d,"train_loss":0.5,"valid_loss":"NaN"}` + "\n"
	epochs := func(list ...int) (text string) {
		for _, e := range list {
			text += fmt.Sprintf(line, e, 10*e)
		}
		return text
	}
	for _, c := range []struct {
		why, text string
		runs      []int // epochs of each
		want      string
	}{
		{"a run", epochs(1, 2, 3), []int{3}, ""},
		{"runs one after the other", epochs(1, 2, 1, 2, 3), []int{2, 3}, ""},
		{"a part of a run", epochs(7, 9), []int{2}, ""},
		{"half of a last line", epochs(1, 2) + `{"epoch":3,"st`, []int{2}, ""},
		{"nothing", "", nil, "got no line of a log"},
		{"half of the only line", `{"epo`, nil, "got no line of a log"},
		{"half a line within", `{"epo` + "\n" + epochs(1), nil, "line 1: unexpected end"},
		{"no step", `{"epoch":1}` + "\n" + epochs(1), nil, "line 1: step: got <nil>, want a number"},
		{"an epoch that is a fraction", `{"epoch":1.5,"step":1}` + "\n" + epochs(1), nil, "line 1: epoch: got 1.5"},
		{"a log that is a list", `{"epoch":1,"step":1,"x":[]}` + "\n" + epochs(1), nil, `line 1: "x": got []interface {}, want a number`},
		{"a log that is a word", `{"epoch":1,"step":1,"x":"y"}` + "\n" + epochs(1), nil, "line 1: strconv.ParseFloat"},
		{"a line without an end", strings.Repeat(" ", longestLine+1), nil, "token too long"},
	} {
		t.Run(c.why, func(t *testing.T) {
			var s Server
			err := s.open(strings.NewReader(c.text), "log")
			if c.want != "" {
				require.ErrorContains(t, err, c.want)
				return
			}
			require.NoError(t, err)
			var got []int
			for _, r := range s.runs {
				got = append(got, len(r.epochs.items))
				require.NotNil(t, r.ended)
			}
			require.Equal(t, c.runs, got)
		})
	}
}
