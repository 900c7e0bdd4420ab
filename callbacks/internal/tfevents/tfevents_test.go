package tfevents_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/nndiy/nndiy/callbacks/internal/eventtest"
	"github.com/nndiy/nndiy/callbacks/internal/tfevents"
)

func moment() time.Time { return time.UnixMilli(1500000000250) }

// read returns the events of a file without the first, which it checks.
func read(t *testing.T, file []byte) []eventtest.Event {
	t.Helper()
	events, err := eventtest.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range events {
		if e.WallTime != 1500000000.25 || (e.Version != "") != (i == 0) {
			t.Errorf("event %d: got time %v, version %q", i, e.WallTime, e.Version)
		}
	}
	if events[0].Version != "brain.Event:2" {
		t.Errorf("got version %q, want brain.Event:2", events[0].Version)
	}
	return events[1:]
}

// write returns a file with one event.
func write(t *testing.T, step int64, values ...tfevents.Value) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := tfevents.NewWriter(&b, moment)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(step, values...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestFirstRecord compares the first record byte by byte. TensorFlow's files begin with the same length and checksum.
func TestFirstRecord(t *testing.T) {
	got := hex.EncodeToString(write(t, 0))
	const length, check = "1800000000000000", "a37f4b22"
	const data = "09" + "000010c00b5ad641" + "1a0d" + "627261696e2e4576656e743a32"
	if !strings.HasPrefix(got, length+check+data) || len(got) != 2*(16+24) {
		t.Errorf("got  %s\nwant %s%s%s and a checksum", got, length, check, data)
	}
}

func TestScalars(t *testing.T) {
	values := []float64{0.1, -2, math.Inf(1), 1e300}
	var list []tfevents.Value
	for _, v := range values {
		list = append(list, tfevents.Scalar("größe/"+string(rune('a'+len(list))), v))
	}
	events := read(t, write(t, 1<<40, list...))
	if len(events) != 1 || events[0].Step != 1<<40 || len(events[0].Values) != len(values) {
		t.Fatalf("got %+v", events)
	}
	for i, v := range events[0].Values {
		if v.Tag != "größe/"+string(rune('a'+i)) || *v.Scalar != float32(values[i]) {
			t.Errorf("got %q, %v, want %v", v.Tag, *v.Scalar, values[i])
		}
	}
}

func TestImage(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 3, 2))
	img.SetGray(1, 1, color.Gray{77})
	v, err := tfevents.Image("digit", img)
	if err != nil {
		t.Fatal(err)
	}
	got := read(t, write(t, 5, v))[0].Values[0]
	if got.Tag != "digit" || got.Image.Height != 2 || got.Image.Width != 3 || got.Image.ColorSpace != 4 {
		t.Fatalf("got %q, %+v", got.Tag, got.Image)
	}
	decoded, err := png.Decode(bytes.NewReader(got.Image.File))
	if err != nil {
		t.Fatal(err)
	}
	if r, _, _, _ := decoded.At(1, 1).RGBA(); r>>8 != 77 {
		t.Errorf("got the pixel %d, want 77", r>>8)
	}
}

func TestImageEmpty(t *testing.T) {
	if _, err := tfevents.Image("none", image.NewGray(image.Rectangle{})); err == nil || !strings.Contains(err.Error(), `image "none"`) {
		t.Errorf("got error %v", err)
	}
}

func TestHistogram(t *testing.T) {
	ramp := make([]float64, 301) // ten in each bucket, the largest in the last one
	for i := range ramp {
		ramp[i] = float64(i) - 30
	}
	next := math.Nextafter(1, 2)
	for _, c := range []struct {
		why    string
		list   []float64
		counts map[int]float64
		most   int // buckets
	}{
		{"a ramp", ramp, map[int]float64{0: 10, 15: 10, 29: 11}, 30},
		{"one number", []float64{3, 3}, map[int]float64{0: 2}, 1},
		{"ends far apart", []float64{-math.MaxFloat64, math.MaxFloat64, 1}, map[int]float64{0: 1, 29: 1}, 30},
		{"ends that are neighbours", []float64{1, next, next}, nil, 30},
	} {
		t.Run(c.why, func(t *testing.T) {
			v, err := tfevents.Histogram("w", c.list)
			if err != nil {
				t.Fatal(err)
			}
			h := read(t, write(t, 1, v))[0].Values[0].Histogram
			lo, hi, sum, squares, total := c.list[0], c.list[0], 0.0, 0.0, 0.0
			for _, x := range c.list {
				lo, hi, sum, squares = min(lo, x), max(hi, x), sum+x, squares+x*x
			}
			if h.Min != lo || h.Max != hi || h.Num != float64(len(c.list)) || h.Sum != sum || h.SumSquares != squares {
				t.Errorf("got %+v", h)
			}
			if len(h.Limits) != len(h.Counts) || len(h.Limits) > c.most || h.Limits[len(h.Limits)-1] != hi {
				t.Fatalf("got limits %v of counts %v", h.Limits, h.Counts)
			}
			for i, n := range h.Counts {
				total += n
				if i > 0 && h.Limits[i] < h.Limits[i-1] {
					t.Errorf("got limits %v", h.Limits)
				}
			}
			if total != h.Num {
				t.Errorf("got counts %v of %v numbers", h.Counts, h.Num)
			}
			got := map[int]float64{}
			for i := range c.counts {
				got[i] = h.Counts[i]
			}
			if c.counts != nil && !reflect.DeepEqual(got, c.counts) {
				t.Errorf("got counts %v, want %v", got, c.counts)
			}
		})
	}
}

func TestHistogramErrors(t *testing.T) {
	for want, list := range map[string][]float32{
		`histogram "w": got no numbers`:      {},
		`histogram "w": element 1: got NaN`:  {1, float32(math.NaN())},
		`histogram "w": element 0: got -Inf`: {float32(math.Inf(-1))},
	} {
		t.Run(want, func(t *testing.T) {
			if _, err := tfevents.Histogram("w", list); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got error %v, want %s", err, want)
			}
		})
	}
}

// A counter counts writes, and fails at the write with number fail.
type counter struct{ n, fail int }

func (c *counter) Write(p []byte) (int, error) {
	if c.n++; c.n == c.fail {
		return 0, errors.New("no space left")
	}
	return len(p), nil
}

// TestWrites checks that each record is one write, and that an error of it is returned.
func TestWrites(t *testing.T) {
	c := &counter{fail: 3}
	w, err := tfevents.NewWriter(c, moment)
	if err != nil {
		t.Fatal(err)
	}
	first, none, second := w.Write(1, tfevents.Scalar("a", 1), tfevents.Scalar("b", 2)), w.Write(2), w.Write(3, tfevents.Scalar("a", 1))
	if first != nil || none != nil || second == nil || c.n != 3 {
		t.Errorf("got errors %v, %v, %v after %d writes", first, none, second, c.n)
	}
	if _, err := tfevents.NewWriter(&counter{fail: 1}, moment); err == nil {
		t.Error("got no error of the first event")
	}
}
