package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

// A rowHeld answers each row with its column x. A string is an error, and a bool a panic.
type rowHeld struct {
	held
	sizes chan int // PredictRows sends its number of rows here, and again, which the test takes to let it go on
}

func (h *rowHeld) TakesRows() bool          { return true }
func (h *rowHeld) RowFields() []graph.Field { return nil }
func (h *rowHeld) PredictRows(_ context.Context, rows []map[string]any) (list []graph.Answer, err error) {
	if h.sizes != nil {
		h.sizes <- len(rows)
		h.sizes <- len(rows)
	}
	for _, r := range rows {
		switch r["x"].(type) {
		case string:
			return nil, errors.New("oops")
		case bool:
			panic("no")
		}
		list = append(list, graph.Answer{Value: r["x"]})
	}
	return list, nil
}

// TestGatherRows: waiting requests of raw rows are predicted together; one with a wrong row fails alone, as does one at which the model
// panics.
func TestGatherRows(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // one slot
	h := &rowHeld{}
	g := newGatherer[float32](h, 8, func(int) {})
	h.sizes = make(chan int)
	ask := func(values ...any) (*task[float32], chan error) {
		x := newTask[float32]()
		for _, v := range values {
			x.raw = append(x.raw, map[string]any{"x": v})
		}
		x.rows = len(values)
		return enqueueTask(t, g, context.Background(), x)
	}
	next := func(want int) {
		t.Helper()
		require.Equal(t, want, <-h.sizes)
		<-h.sizes
	}
	_, first := ask(1.0)
	require.Equal(t, 1, <-h.sizes)
	a, second := ask(2.0, 3.0)
	b, third := ask(4.0)
	c, fourth := ask(5.0, 6.0)
	<-h.sizes
	require.NoError(t, <-first)
	require.Equal(t, 6, <-h.sizes) // five rows, padded
	d, fifth := ask(7.0)
	_, sixth := ask("x")
	_, seventh := ask(true)
	<-h.sizes
	for _, done := range []chan error{second, third, fourth} {
		require.NoError(t, <-done)
	}
	require.Equal(t, []graph.Answer{{Value: 2.0}, {Value: 3.0}, {Value: 4.0}, {Value: 5.0}, {Value: 6.0}}, append(append(a.answers, b.answers...), c.answers...))
	next(3)
	for range 3 { // each by itself
		next(1)
	}
	require.NoError(t, <-fifth)
	require.Equal(t, []graph.Answer{{Value: 7.0}}, d.answers)
	require.EqualError(t, <-sixth, "oops")
	require.EqualError(t, <-seventh, "got a panic in the model: no")
}

// TestRowsTogether: concurrent clients get the bits of PredictRows for their rows.
func TestRowsTogether(t *testing.T) {
	m := tabular(t, "kind")
	url := started(t, m, Config{})
	var wg sync.WaitGroup
	for c := range 8 {
		wg.Go(func() {
			for n := range 5 {
				var rows []map[string]any
				for i := range 1 + (c+n)%3 {
					rows = append(rows, map[string]any{"size": 0.1 * float64(c+i), "city": []string{"Lyon", "Oslo", "Rome"}[(c+n)%3], "built": "2021-02-03", "note": "a quiet flat"})
				}
				want, err := m.PredictRows(context.Background(), rows)
				if err != nil {
					t.Error(err)
					return
				}
				body, _ := json.Marshal(map[string]any{"rows": rows})
				text, _ := json.Marshal(map[string]any{"answers": want})
				if code, got := ask(t, url, string(body)); fmt.Sprint(code, " ", got) != fmt.Sprintf("200 %s\n", text) {
					t.Errorf("got %d %s, want %s", code, got, text)
				}
			}
		})
	}
	wg.Wait()
	_, text := get(t, url+"/metrics")
	require.Contains(t, text, "nndiy_batch_samples_sum 80\n")
}
