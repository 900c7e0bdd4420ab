package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
)

// TestPredict checks that concurrent clients get the bits of Predict for their samples.
func TestPredict(t *testing.T) {
	m := mlp(t)
	url := started(t, m, limitsOfTests)
	var wg sync.WaitGroup
	for c := range 8 {
		wg.Go(func() {
			for n := range 6 {
				rows := 1 + (3*c+n)%9
				data := make([]float32, rows*784)
				for i := range data {
					data[i] = float32(math.Sin(float64(i + c)))
				}
				x := tensor.New(tensor.WithShape(rows, 784), tensor.WithBacking(data))
				want, err := m.Predict(context.Background(), x)
				if err != nil {
					t.Error(err)
					return
				}
				got, err := predictions(url, x, n%2 == 0, n%3 == 0)
				if err != nil {
					t.Error(err)
					return
				}
				if !slices.EqualFunc(got, want.Float32s(), sameBits) {
					t.Errorf("got %v, want %v", got, want)
				}
			}
		})
	}
	wg.Wait()
	client.CloseIdleConnections()
	var text string
	require.Eventually(t, func() bool { // a request runs until its answer is sent
		_, text = get(t, url+"/metrics")
		return strings.Contains(text, "nndiy_requests_running 0\n")
	}, 10*time.Second, time.Millisecond)
	require.Contains(t, text, "nndiy_batch_samples_sum 240\n")
	require.Contains(t, text, "nndiy_requests_total{code=\"200\"} 48\n")
	require.Contains(t, text, "nndiy_request_seconds_count 48\n")
}

// predictions requests the predictions for x; sendNPY and wantNPY choose .npy over JSON for the request and the answer.
func predictions(url string, x *tensor.Dense, sendNPY, wantNPY bool) ([]float32, error) {
	body := request(x)
	if sendNPY {
		var b bytes.Buffer
		if err := datasets.WriteNPY(&b, x); err != nil {
			return nil, err
		}
		body = b.Bytes()
	}
	q, err := http.NewRequest("POST", url+"/predict", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if sendNPY {
		q.Header.Set("Content-Type", "application/x-npy")
	}
	if wantNPY {
		q.Header.Set("Accept", "text/html, application/x-npy")
	}
	r, err := client.Do(q)
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	if wantNPY {
		y, err := datasets.ReadNPY(r.Body, "the answer")
		if err != nil {
			return nil, err
		}
		return y.Float32s(), nil
	}
	var y struct{ Outputs [][]float32 }
	err = json.NewDecoder(r.Body).Decode(&y)
	return slices.Concat(y.Outputs...), err
}

// A fake model returns the negatives of its two inputs, or fails.
type fake struct {
	double  bool
	failure error
	called  chan bool // if not nil: every call except the first sends here, then waits for release
	release chan bool
	calls   int
}

func (f *fake) Input() []int  { return []int{2} }
func (f *fake) Output() []int { return []int{2} }
func (f *fake) Predict(ctx context.Context, x *tensor.Dense) (*tensor.Dense, error) {
	if f.calls++; f.calls > 1 && f.called != nil {
		f.called <- true
		<-f.release
	}
	if f.failure != nil && f.calls > 1 {
		return nil, f.failure
	}
	shape := tensor.WithShape(x.Shape()...)
	if f.double {
		out := make([]float64, x.DataSize())
		if data, ok := x.Data().([]float64); ok {
			for i, v := range data {
				out[i] = -v
			}
		}
		return tensor.New(shape, tensor.WithBacking(out)), nil
	}
	out := make([]float32, x.DataSize())
	for i, v := range x.Float32s() {
		out[i] = -v
	}
	return tensor.New(shape, tensor.WithBacking(out)), nil
}

// TestAnswers checks both element types and every status.
func TestAnswers(t *testing.T) {
	url := started(t, &fake{}, Config{MaxBody: 100, MaxRows: 2, MaxRunning: 2, Timeout: time.Minute, Batch: 1})
	for body, want := range map[string]string{
		`{"inputs":[[1,2e-7],[-3.4e38,0.1]]}`: "200 {\"outputs\":[[-1,-2e-07],[3.4e+38,-0.1]]}\n",
		`{"inputs":[[1]]}`:                    "400 {\"error\":\"byte 13: got \\\"]]}\\\", want 2 elements, not the array's end after 1\"}\n",
		`{"inputs":[[1,2],[3,4],[5,6]]}`:      "413 {\"error\":\"got more than 2 samples, want at most 2 in a request\"}\n",
		strings.Repeat(" ", 101):              "413 {\"error\":\"body: got more than 100 bytes, want at most 100\"}\n",
	} {
		code, text := ask(t, url, body)
		require.Equal(t, want, fmt.Sprint(code, " ", text))
	}
	r, err := client.Post(url+"/predict", "text/plain", strings.NewReader("1,2"))
	require.NoError(t, err)
	code, text := read(t, r)
	require.Equal(t, 415, code, text)
	code, _ = get(t, url+"/predict")
	require.Equal(t, 405, code)
	code, _ = get(t, url+"/other")
	require.Equal(t, 404, code)
	code, text = get(t, url+"/healthz")
	require.Equal(t, "200 ok\n", fmt.Sprint(code, " ", text))
	code, text = get(t, url+"/")
	require.Equal(t, "200 {\"input\":[2],\"max_samples\":2,\"output\":[2]}\n", fmt.Sprint(code, " ", text))
	_, text = get(t, url+"/metrics")
	for _, line := range []string{`nndiy_requests_total{code="200"} 1`, `nndiy_requests_total{code="413"} 2`, `nndiy_requests_total{code="415"} 1`, "nndiy_samples_total 2"} {
		require.Contains(t, text, line+"\n")
	}

	limits := limitsOfTests
	limits.Batch = 1 // the models below fail after the first prediction
	_, text = ask(t, started(t, &fake{double: true}, limits), `{"inputs":[[0.1,1e-300]]}`)
	require.Equal(t, "{\"outputs\":[[-0.1,-1e-300]]}\n", text)
	code, text = ask(t, started(t, &fake{failure: errors.New("oops")}, limits), `{"inputs":[[1,2]]}`)
	require.Equal(t, "500 {\"error\":\"oops\"}\n", fmt.Sprint(code, " ", text))
	code, text = ask(t, started(t, &fake{failure: fmt.Errorf("graph: %w", context.DeadlineExceeded)}, limits), `{"inputs":[[1,2]]}`)
	require.Equal(t, "504 {\"error\":\"got no prediction within 30s\"}\n", fmt.Sprint(code, " ", text))
}

// TestEncode includes a number that JSON cannot represent.
func TestEncode(t *testing.T) {
	out, failed := encode([]byte("before "), []float64{1, 2, 3, 4}, []int{1, 2, 2})
	require.Nil(t, failed)
	require.Equal(t, "before {\"outputs\":[[[1,2],[3,4]]]}\n", string(out))
	_, failed = encode(nil, []float32{1, 2, 3, float32(math.Inf(1))}, []int{2, 2})
	require.Equal(t, &requestError{500, "output: sample 1, element 1: got +Inf, want a finite number, since JSON has no other"}, failed)
}

// TestBusy: a request above the limit gets status 503, and the one under way is answered.
func TestBusy(t *testing.T) {
	f := &fake{called: make(chan bool), release: make(chan bool)}
	url := started(t, f, Config{MaxRunning: 1, Timeout: time.Minute, Batch: 1})
	answered := make(chan string, 1)
	go func() {
		code, text := ask(t, url, `{"inputs":[[1,2]]}`)
		answered <- fmt.Sprint(code, " ", text)
	}()
	<-f.called
	r, err := client.Post(url+"/predict", "application/json", strings.NewReader(`{"inputs":[[1,2]]}`))
	require.NoError(t, err)
	require.Equal(t, "1", r.Header.Get("Retry-After"))
	code, text := read(t, r)
	require.Equal(t, "503 {\"error\":\"got more than 1 requests at once, want at most 1\"}\n", fmt.Sprint(code, " ", text))
	close(f.release)
	require.Equal(t, "200 {\"outputs\":[[-1,-2]]}\n", <-answered)
}

func TestStop(t *testing.T) {
	h, err := newHandler(&fake{}, Config{})
	require.NoError(t, err)
	url := startedHandler(t, h)
	h.Stop()
	code, text := get(t, url+"/healthz")
	require.Equal(t, "503 {\"error\":\"the server is stopping\"}\n", fmt.Sprint(code, " ", text))
	code, text = ask(t, url, `{"inputs":[[1,2]]}`)
	require.Equal(t, "200 {\"outputs\":[[-1,-2]]}\n", fmt.Sprint(code, " ", text))
}

func TestNewErrors(t *testing.T) {
	for want, c := range map[string]Config{
		"serve: Config: MaxBody: got -1, want more than 0, or 0 for 16777216": {MaxBody: -1},
		"serve: Config: MaxRows: got -1, want 1 or more, or 0 for 4096":       {MaxRows: -1},
		"serve: Config: MaxSize: got -1":                                      {MaxSize: -1},
		"serve: Config: MaxRunning: got -1":                                   {MaxRunning: -1},
		"serve: Config: Batch: got -1":                                        {Batch: -1},
		"serve: Config: Timeout: got -1ns, want more than 0, or 0 for 10s":    {Timeout: -1},
	} {
		t.Run(want, func(t *testing.T) {
			_, err := newHandler(&fake{}, c)
			require.ErrorContains(t, err, want)
		})
	}
	_, err := newHandler(&fake{calls: 1, failure: errors.New("oops")}, Config{})
	require.EqualError(t, err, "serve: New: first prediction: oops")
	two := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return x.Add(s.Input("more")) })
	m, err := graph.Compile(two, graph.Config{Input: []int{2}, Inputs: map[string][]int{"more": {2}}})
	require.NoError(t, err)
	_, err = New(m, Config{})
	require.ErrorContains(t, err, "serve: New: first prediction: graph: Predict: got one input, want 2")
	_, err = New(nil, Config{})
	require.EqualError(t, err, "serve: New: got no model, want one")
}
