package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// recurrent returns a model of sequences of two features that can be streamed; steps may be graph.Any.
func recurrent(t testing.TB, steps int) *graph.Model {
	m, err := graph.Compile(layers.Sequential{layers.LSTM{Units: 4, ReturnSequences: true}, layers.Dense{Units: 1}}, graph.Config{Input: []int{steps, 2}, Seed: 1})
	require.NoError(t, err)
	return m
}

// begun begins a stream, and returns its URL.
func begun(t testing.TB, url string) string {
	code, text := post(t, url+"/streams", "application/json", nil)
	require.Equal(t, 200, code, text)
	var answer struct{ Stream string }
	require.NoError(t, json.Unmarshal([]byte(text), &answer))
	return url + "/streams/" + answer.Stream
}

func remove(t testing.TB, url string) (int, string) {
	r, err := http.NewRequest("DELETE", url, nil)
	require.NoError(t, err)
	answer, err := client.Do(r)
	require.NoError(t, err)
	return read(t, answer)
}

// TestStreams: the outputs for the pieces of a sequence have the bits of Predict for all of it, for several clients at a time, for a
// model of any number of steps and for one of a fixed number.
func TestStreams(t *testing.T) {
	for _, steps := range []int{graph.Any, 6} {
		t.Run(fmt.Sprint(steps), func(t *testing.T) {
			m := recurrent(t, steps)
			url := started(t, m, Config{})
			var wg sync.WaitGroup
			for c := range 4 {
				data := make([]float32, 12)
				for i := range data {
					data[i] = float32(i*i%7) - float32(c)
				}
				whole, err := m.Predict(context.Background(), tensor.New(tensor.WithShape(1, 6, 2), tensor.WithBacking(data)))
				require.NoError(t, err)
				stream := begun(t, url)
				wg.Go(func() {
					var got []float32
					at := 0
					for _, n := range []int{1, 3, 2} {
						var piece [][]float32
						for range n {
							piece, at = append(piece, data[at:at+2]), at+2
						}
						body, _ := json.Marshal(map[string]any{"inputs": []any{piece}})
						code, text := post(t, stream, "application/json", body)
						var answer struct{ Outputs [][][]float32 }
						if err := json.Unmarshal([]byte(text), &answer); err != nil || code != 200 {
							t.Errorf("got %d %s", code, text)
							return
						}
						got = append(got, slices.Concat(slices.Concat(answer.Outputs...)...)...)
					}
					if !slices.EqualFunc(got, whole.Float32s(), sameBits) {
						t.Errorf("got %v, want %v", got, whole)
					}
				})
			}
			wg.Wait()
			_, text := get(t, url+"/metrics")
			require.Contains(t, text, "\nnndiy_streams 4\n")
		})
	}
}

// TestStreamErrors has what a client may do wrong, and that a stream stays as it was after an error.
func TestStreamErrors(t *testing.T) {
	url := started(t, recurrent(t, graph.Any), Config{MaxStreams: 2, MaxSteps: 5})
	stream := begun(t, url)
	other := begun(t, url)
	code, text := post(t, url+"/streams", "", nil)
	require.Equal(t, "503 {\"error\":\"streams: got more than 2 at once, want at most 2\"}\n", fmt.Sprint(code, " ", text))
	_, first := post(t, stream, "", []byte(`{"inputs":[[[1,2],[3,4]]]}`))
	for body, want := range map[string]string{
		`{"inputs":[[[1,2]],[[3,4]]]}`:           "got 2 rows, want 1 as in the calls before",
		`{"inputs":[[[1,2],[1,2],[1,2],[1,2]]]}`: "inputs: got 4 time steps after 2, want at most 5 in a stream",
		`{"inputs":[[[1]]]}`:                     "want 2 elements",
		`{"rows":[{}]}`:                          `body: got \"rows\" for a model that takes none`,
	} {
		code, text := post(t, stream, "", []byte(body))
		require.Equal(t, 400, code)
		require.Contains(t, text, want)
	}
	_, second := post(t, stream, "", []byte(`{"inputs":[[[5,6]]]}`))
	_, whole := post(t, other, "", []byte(`{"inputs":[[[1,2],[3,4],[5,6]]]}`))
	require.Equal(t, whole, first[:len(first)-4]+","+second[len(`{"outputs":[[`):])
	code, text = remove(t, stream)
	require.Equal(t, 200, code, text)
	for _, missing := range []string{stream, url + "/streams/x"} {
		code, text = post(t, missing, "", []byte(`{"inputs":[[[1,2]]]}`))
		require.Equal(t, 404, code)
		require.Contains(t, text, "got an unknown stream or one that has ended")
		code, _ = remove(t, missing)
		require.Equal(t, 404, code)
	}
	begun(t, url)
	code, text = get(t, stream)
	require.Equal(t, "405 {\"error\":\"method: got \\\"GET\\\", want DELETE, POST\"}\n", fmt.Sprint(code, " ", text))
	code, text = post(t, started(t, mlp(t), Config{})+"/streams", "", nil)
	require.Equal(t, 404, code)
	require.Contains(t, text, "streams: got a model that cannot be streamed: graph: Stream: ")
}

// TestStreamReplace: a stream keeps its model.
func TestStreamReplace(t *testing.T) {
	h, err := New(recurrent(t, graph.Any), Config{})
	require.NoError(t, err)
	url := startedHandler(t, h)
	stream, same := begun(t, url), begun(t, url)
	body := []byte(`{"inputs":[[[1,2]]]}`)
	post(t, stream, "", body)
	post(t, same, "", body)
	_, want := post(t, same, "", body)
	other, err := graph.Compile(layers.Sequential{layers.LSTM{Units: 3, ReturnSequences: true}, layers.Dense{Units: 1}}, graph.Config{Input: []int{graph.Any, 2}, Seed: 2})
	require.NoError(t, err)
	require.NoError(t, h.Replace(other))
	_, got := post(t, stream, "", body)
	require.Equal(t, want, got)
}

// TestStreamIdle: a stream without requests ends, one with a request under way or a recent one does not. The clock is the test's.
func TestStreamIdle(t *testing.T) {
	m := recurrent(t, graph.Any)
	synctest.Test(t, func(t *testing.T) {
		var l sessions
		c, err := Config{StreamIdle: time.Minute, MaxStreams: 1}.complete()
		require.NoError(t, err)
		stream, err := m.Stream()
		require.NoError(t, err)
		s, failed := l.begin(&served{}, stream, &c)
		require.Nil(t, failed)
		for range 3 {
			time.Sleep(50 * time.Second)
			_, failed = l.take(s.id)
			require.Nil(t, failed)
			_, failed = l.take(s.id)
			require.Equal(t, 409, failed.code)
			time.Sleep(5 * time.Minute)
			l.release(s, &c)
		}
		_, failed = l.begin(&served{}, stream, &c)
		require.Equal(t, 503, failed.code)
		time.Sleep(59 * time.Second)
		synctest.Wait()
		require.Equal(t, 1, l.count())
		time.Sleep(2 * time.Second)
		synctest.Wait()
		require.Equal(t, 0, l.count())
		_, failed = l.take(s.id)
		require.Equal(t, 404, failed.code)
		_, failed = l.begin(&served{}, stream, &c)
		require.Nil(t, failed)
	})
}
