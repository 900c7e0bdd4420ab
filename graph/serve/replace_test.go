package serve

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// small returns a network of a seed.
func small(t testing.TB, seed uint64, outputs int) *graph.Model {
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 16}, layers.Tanh{}, layers.Dense{Units: outputs}}, graph.Config{Input: []int{4}, Seed: seed})
	require.NoError(t, err)
	return m
}

const smallBody = `{"inputs":[[1,2,3,4]]}`

// expected returns the answer of a model to smallBody.
func expected(t testing.TB, m *graph.Model) string {
	y, err := m.Predict(context.Background(), tensor.New(tensor.WithShape(1, 4), tensor.WithBacking([]float32{1, 2, 3, 4})))
	require.NoError(t, err)
	text, failed := encode(nil, y.Float32s(), y.Shape())
	require.Nil(t, failed)
	return string(text)
}

// TestReplace: while models replace each other, every request is answered by one of them, and after Replace by the new one.
func TestReplace(t *testing.T) {
	models := []*graph.Model{small(t, 1, 3), small(t, 2, 3)}
	answers := []string{expected(t, models[0]), expected(t, models[1])}
	require.NotEqual(t, answers[0], answers[1])
	h, err := New(models[0], Config{MaxRunning: 100})
	require.NoError(t, err)
	url := startedHandler(t, h)
	var stop atomic.Bool
	var wg sync.WaitGroup
	counts := [2]atomic.Int64{}
	for range 8 {
		wg.Go(func() {
			for !stop.Load() {
				code, text := ask(t, url, smallBody)
				switch {
				case code == 200 && text == answers[0]:
					counts[0].Add(1)
				case code == 200 && text == answers[1]:
					counts[1].Add(1)
				default:
					t.Errorf("got %d %s, want 200 and the answer of a model", code, text)
					return
				}
			}
		})
	}
	for i := range 20 {
		k := (i + 1) % 2
		require.NoError(t, h.Replace(models[k]))
		code, text := ask(t, url, smallBody)
		require.Equal(t, "200 "+answers[k], fmt.Sprint(code, " ", text))
		for before := counts[k].Load(); counts[k].Load() < before+5 && !t.Failed(); { // others get it too
			time.Sleep(time.Millisecond)
		}
	}
	stop.Store(true)
	wg.Wait()
	_, text := get(t, url+"/metrics")
	require.Contains(t, text, "nndiy_model_replaced_total 20\n")
	require.Contains(t, text, fmt.Sprintf("nndiy_requests_total{code=\"200\"} %d\n", counts[0].Load()+counts[1].Load()+20))
	require.NotContains(t, text, "code=\"5")
}

// TestReplaceUnderWay: a request that has begun gets the answer of the old model.
func TestReplaceUnderWay(t *testing.T) {
	f := &fake{called: make(chan bool), release: make(chan bool)}
	h, err := newHandler(f, Config{Batch: 1})
	require.NoError(t, err)
	url := startedHandler(t, h)
	answered := make(chan string, 1)
	go func() {
		_, text := ask(t, url, `{"inputs":[[1,2]]}`)
		answered <- text
	}()
	<-f.called
	require.NoError(t, h.replace(&fake{double: true}))
	_, text := ask(t, url, `{"inputs":[[0.1,1e-300]]}`)
	require.Equal(t, "{\"outputs\":[[-0.1,-1e-300]]}\n", text)
	close(f.release)
	require.Equal(t, "{\"outputs\":[[-1,-2]]}\n", <-answered)
}

func TestReplaceErrors(t *testing.T) {
	h, err := New(small(t, 1, 3), Config{})
	require.NoError(t, err)
	require.EqualError(t, h.Replace(nil), "serve: Replace: got no model, want one")
	require.EqualError(t, h.Replace(small(t, 1, 2)), "serve: Replace: output: got shape [2], want [3]")
	require.EqualError(t, h.Replace(mlp(t)), "serve: Replace: input: got shape [784], want [4]")
}

// TestReplaceKinds: a model of pictures or raw rows is replaced only by one that takes them too.
func TestReplaceKinds(t *testing.T) {
	h, err := New(seeing(t, tensor.Float32), Config{})
	require.NoError(t, err)
	require.NoError(t, h.Replace(seeing(t, tensor.Float64)))
	blind := seeing(t, tensor.Float32)
	require.NoError(t, blind.SetMetadata(nil))
	require.EqualError(t, h.Replace(blind), "serve: Replace: pictures: got a model without their preparation, want one with it, as before")
	h, err = New(tabular(t, "kind"), Config{})
	require.NoError(t, err)
	require.NoError(t, h.Replace(tabular(t, "kind")))
	require.ErrorContains(t, h.Replace(tabular(t, "rent")), "serve: Replace: raw rows: got the columns")
	require.EqualError(t, h.Replace(small(t, 1, 3)), "serve: Replace: takes raw rows: got false, want true")
}

// TestReplaceStreams: once a client has begun a stream, a model is replaced only by one that can be streamed.
func TestReplaceStreams(t *testing.T) {
	last := func(l graph.Layer) *graph.Model {
		m, err := graph.Compile(layers.Sequential{l, layers.Dense{Units: 2}}, graph.Config{Input: []int{graph.Any, 2}, Seed: 1})
		require.NoError(t, err)
		return m
	}
	streamed, whole := last(layers.GRU{Units: 4}), last(layers.Bidirectional{Layer: layers.GRU{Units: 2}})
	h, err := New(streamed, Config{})
	require.NoError(t, err)
	url := startedHandler(t, h)
	require.NoError(t, h.Replace(whole))
	code, text := post(t, url+"/streams", "", nil)
	require.Equal(t, 404, code)
	require.Contains(t, text, "got a model that cannot be streamed")
	require.NoError(t, h.Replace(whole), "nobody has begun one")
	require.NoError(t, h.Replace(streamed))
	code, text = remove(t, begun(t, url))
	require.Equal(t, 200, code, text)
	require.ErrorContains(t, h.Replace(whole), "serve: Replace: streams: got a model that cannot be streamed: graph: Stream: bidirectional1")
	require.NoError(t, h.Replace(streamed))
	begun(t, url)
}

// TestWatch: a new file replaces the model; one that cannot be served does not.
func TestWatch(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.safetensors")
	first, second := small(t, 1, 3), small(t, 2, 3)
	require.NoError(t, first.SaveFile(path))
	h, err := New(first, Config{Poll: 5 * time.Millisecond})
	require.NoError(t, err)
	url := startedHandler(t, h)
	ctx, cancel := context.WithCancel(context.Background())
	reports, ended := make(chan error), make(chan bool)
	go func() {
		h.Watch(ctx, path, func(err error) { reports <- err })
		close(ended)
	}()
	await := func(want string) { // touches the file, for Watch may not have looked at it before; so there may be earlier reports, too
		for touched := time.Now(); ; touched = touched.Add(time.Second) {
			select {
			case err := <-reports:
				if strings.Contains(fmt.Sprint(err), want) {
					return
				}
			case <-time.After(100 * time.Millisecond):
				require.NoError(t, os.Chtimes(path, touched, touched))
			}
		}
	}
	require.NoError(t, os.WriteFile(path, []byte("not a model"), 0o666))
	await("graph: Open: ")
	_, text := ask(t, url, smallBody)
	require.Equal(t, expected(t, first), text)
	require.NoError(t, small(t, 1, 5).SaveFile(path))
	await("serve: Replace: output: got shape [5], want [3]")
	require.NoError(t, os.Remove(path))
	require.NoError(t, second.SaveFile(path))
	await("<nil>")
	_, text = ask(t, url, smallBody)
	require.Equal(t, expected(t, second), text)
	cancel()
	for done := false; !done; {
		select {
		case <-reports:
		case <-ended:
			done = true
		}
	}
}

// TestWatchNoReport: without a function to call, a new file replaces the model as well, and one that is no model is left alone.
func TestWatchNoReport(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.safetensors")
	first, second := small(t, 1, 3), small(t, 2, 3)
	require.NoError(t, os.WriteFile(path, []byte("not a model"), 0o666))
	h, err := New(first, Config{Poll: 5 * time.Millisecond})
	require.NoError(t, err)
	url := startedHandler(t, h)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan bool)
	go func() {
		h.Watch(ctx, path, nil)
		close(ended)
	}()
	touched := time.Now() // Watch sees a file change by its time
	for range 10 {
		touched = touched.Add(time.Second)
		require.NoError(t, os.Chtimes(path, touched, touched))
		time.Sleep(10 * time.Millisecond)
	}
	require.NoError(t, second.SaveFile(path))
	for text := ""; text != expected(t, second); {
		time.Sleep(10 * time.Millisecond)
		touched = touched.Add(time.Second)
		require.NoError(t, os.Chtimes(path, touched, touched))
		_, text = ask(t, url, smallBody)
	}
	cancel()
	<-ended
	new(Handler).Watch(context.Background(), path, nil)
}
