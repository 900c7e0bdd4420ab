package callbacks_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
)

// quiet returns a Live that listens at a free port.
func quiet(t *testing.T) *callbacks.Live {
	t.Helper()
	l := &callbacks.Live{Addr: "localhost:0", Writer: io.Discard}
	t.Cleanup(func() { l.Close() })
	return l
}

// press posts an order, as a button of the page does.
func press(t *testing.T, l *callbacks.Live, path, body string) int {
	t.Helper()
	a, err := http.Post(l.URL()+path, "application/json", strings.NewReader(body))
	require.NoError(t, err)
	defer a.Body.Close()
	return a.StatusCode
}

// events returns the messages that a new page gets, until one contains a text.
func events(t *testing.T, l *callbacks.Live, until string) string {
	t.Helper()
	a, err := http.Get(l.URL() + "events")
	require.NoError(t, err)
	defer a.Body.Close()
	var got []byte
	for buffer := make([]byte, 1<<16); !bytes.Contains(got, []byte(until)); {
		n, err := a.Body.Read(buffer)
		require.NoError(t, err, "got %s, want %s", got, until)
		got = append(got, buffer[:n]...)
	}
	return string(got)
}

// elements returns the parameters of a model as text.
func elements(m *graph.Model) string {
	w := m.Weights()
	var b bytes.Buffer
	for _, name := range w.Names() {
		b.WriteString(name)
		for _, v := range w[name].Float32s() {
			fmt.Fprintf(&b, " %x", math.Float32bits(v))
		}
	}
	return b.String()
}

// TestLiveBits: a run with Live ends with the bits and the history of one without, also with gradients that are accumulated.
func TestLiveBits(t *testing.T) {
	for _, accumulate := range []int{1, 3} {
		fit := func(list ...graph.Callback) (string, graph.History) {
			m := plane(t, 5)
			history, err := m.Fit(context.Background(), circles(200), graph.FitConfig{Epochs: 5, BatchSize: 8, Valid: circles(50), ValidEvery: 7,
				Accumulate: accumulate, Callbacks: append(list, &callbacks.CosineDecay{PerStep: true})})
			require.NoError(t, err)
			return elements(m), history
		}
		want, history := fit()
		l := quiet(t)
		l.Images = boundary
		got, history2 := fit(l)
		require.Equal(t, want, got)
		require.Equal(t, history, history2)
		all := events(t, l, `"t":"end"`)
		for _, kind := range []string{"run", "step", "epoch", "layers", "images", "drawing", "end"} {
			require.Contains(t, all, `{"t":"`+kind+`","run":1`)
		}
		require.Equal(t, 5, strings.Count(all, `{"t":"epoch"`))
		require.Equal(t, 409, press(t, l, "stop", `{"run":1,"stop":true}`))
	}
}

// TestLiveRate presses buttons at certain steps of a run with a schedule. A run that is cancelled after them and resumes from a
// checkpoint, where nobody presses, ends with the same bits.
func TestLiveRate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint")
	fit := func(pressing, cancelled bool) (string, []float64, graph.History) {
		l, m := quiet(t), plane(t, 5)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		var rates []float64
		history, err := m.Fit(ctx, circles(80), graph.FitConfig{Epochs: 6, BatchSize: 8, Resume: path, Callbacks: []graph.Callback{
			callbacks.ExponentialDecay{Factor: 0.5}, l, &callbacks.Checkpoint{Path: path, EverySteps: 1},
			graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
				if e != graph.StepBegin {
					return nil
				}
				for at, order := range map[int][2]string{
					12: {"rate", `{"run":1,"rate":0.03125}`}, 33: {"rate", `{"run":1,"rate":null}`}, 47: {"stop", `{"run":1,"stop":true}`},
				} {
					if pressing && r.Total == at {
						require.Equal(t, 202, press(t, l, order[0], order[1]))
					}
				}
				if rates = append(rates, r.Rate); cancelled && r.Total == 48 {
					cancel()
				}
				return nil
			}),
		}})
		if !cancelled {
			require.NoError(t, err)
		}
		return elements(m), rates, history
	}
	want, rates, history := fit(true, false)
	require.Len(t, rates, 50) // stopped at the end of the fifth epoch
	require.Equal(t, []float64{0.01, 0.005, 0.005, 0.005, 0.03125, 0.03125, 0.03125, 0.03125, 0.015625},
		[]float64{rates[9], rates[10], rates[11], rates[12], rates[13], rates[19], rates[20], rates[39], rates[40]})
	require.NoError(t, os.Remove(path))
	fit(true, true)
	got, rates, history2 := fit(false, false)
	require.Len(t, rates, 1)
	require.Equal(t, want, got)
	require.Equal(t, history, history2)
}

// TestLiveRuns shows two runs, one after the other. The second fails.
func TestLiveRuns(t *testing.T) {
	l := quiet(t)
	s := script{rate: 1, logs: losses(3, 2)}
	require.NoError(t, s.play(l))
	address := l.URL()
	l.Name = "the second"
	s = script{rate: 1, steps: 2, logs: losses(3, 2), cancel: 2}
	require.ErrorContains(t, s.play(l), "cancelled")
	require.Equal(t, address, l.URL())
	all := events(t, l, `"t":"end","run":2`)
	require.Contains(t, all, `"name":"run 1"`)
	require.Contains(t, all, `"name":"the second"`)
	require.Contains(t, all, `"limits":"2 epochs of 2 steps"`)
	require.Contains(t, all, `{"t":"end","run":2,"error":"cancelled"}`)
	require.Equal(t, 3, strings.Count(all, `{"t":"epoch"`))
	require.NoError(t, l.Close())
	require.NoError(t, l.Close())
	require.Empty(t, l.URL())
}

// TestLiveClosed: training continues if the server ends.
func TestLiveClosed(t *testing.T) {
	l := quiet(t)
	s := script{rate: 1, logs: losses(3, 2, 1)}
	require.NoError(t, s.play(l, graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
		if e == graph.EpochEnd && r.Epoch == 1 {
			return l.Close()
		}
		return nil
	})))
	require.Equal(t, 3, s.ended)
}

// TestLiveRank: other ranks do not listen.
func TestLiveRank(t *testing.T) {
	l := quiet(t)
	s := script{logs: losses(1)}
	s.run.Rank = 1
	require.NoError(t, s.play(l))
	require.Empty(t, l.URL())
}

func TestLiveErrors(t *testing.T) {
	taken, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	defer taken.Close()
	addr := taken.Addr().String()
	log := filepath.Join(t.TempDir(), "log")
	require.NoError(t, os.WriteFile(log, []byte("epoch,loss\n1,2\n"), 0o666))
	for _, c := range []struct {
		why  string
		live callbacks.Live
		want string
	}{
		{"a port in use", callbacks.Live{Addr: addr}, "callbacks: Live: Addr: got " + addr + ", which is in use by this or another program, want a free port"},
		{"no port", callbacks.Live{Addr: "localhost"}, `callbacks: Live: Addr: got "localhost", want a host and a port`},
		{"no such log", callbacks.Live{Logs: []string{"nothing.jsonl"}}, "callbacks: Live: Logs: open nothing.jsonl"},
		{"a log that is not one", callbacks.Live{Logs: []string{log}}, "callbacks: Live: Logs: " + log + ": line 1"},
		{"a negative number", callbacks.Live{ImagesEvery: -1}, "callbacks: Live: ImagesEvery: got -1, want 0 or more"},
		{"an error of Images", callbacks.Live{Images: func(*graph.Run) ([]callbacks.TaggedImage, error) { return nil, errors.New("no paint") }},
			"callbacks: Live: Images: no paint"},
		{"an image without a name", callbacks.Live{Images: func(*graph.Run) ([]callbacks.TaggedImage, error) {
			return []callbacks.TaggedImage{{}}, nil
		}}, `callbacks: Live: Images: got the tag "" and an image of type <nil>, want both`},
	} {
		t.Run(c.why, func(t *testing.T) {
			if c.live.Addr == "" {
				c.live.Addr = "localhost:0"
			}
			c.live.Writer = io.Discard
			defer c.live.Close()
			s := script{logs: losses(1, 2)}
			wantError(t, s.play(&c.live), c.want)
		})
	}
}
