package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

var limitsOfTests = settings{MaxBody: 16 << 20, MaxSamples: 1000, MaxRunning: 16, Timeout: 30 * time.Second}

// mlp is 784-256-128-10.
func mlp(t testing.TB) *graph.Model {
	m, err := graph.Compile(layers.Sequential{
		layers.Dense{Units: 256}, layers.Tanh{}, layers.Dense{Units: 128}, layers.Tanh{}, layers.Dense{Units: 10}, layers.Softmax{},
	}, graph.Config{Input: []int{784}, Seed: 1})
	require.NoError(t, err)
	return m
}

// request is the body of a request for tensor x, of shape (rows, columns).
func request(x *tensor.Dense) []byte {
	rows, columns := x.Shape()[0], x.Shape()[1]
	data := x.Float32s()
	b := []byte(`{"inputs":[`)
	for i := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		for j := range columns {
			if j > 0 {
				b = append(b, ',')
			}
			b = fmt.Appendf(b, "%v", data[i*columns+j])
		}
		b = append(b, ']')
	}
	return append(b, "]}"...)
}

// started serves a model and returns the address.
func started(t testing.TB, m model, s settings) string {
	v, err := newServer(m, s)
	require.NoError(t, err)
	l, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- v.serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-ended)
	})
	return "http://" + l.Addr().String()
}

// digits are pictures of MNIST's test part, between 0 and 1.
func digits(b *testing.B, rows int) *tensor.Dense {
	_, test, err := datasets.MNIST()
	require.NoError(b, err)
	return tensor.New(tensor.WithShape(rows, 784), tensor.WithBacking(test.X().Float32s()[:rows*784]))
}

// BenchmarkServe: clients that ask again as soon as they have the answer, over loopback; and the same calls of Predict.
func BenchmarkServe(b *testing.B) {
	m := mlp(b)
	url := started(b, m, limitsOfTests) + "/predict"
	for _, clients := range []int{1, 8} {
		for _, rows := range []int{1, 8, 64, 256} {
			x := digits(b, rows)
			body := request(x)
			ways := map[string]func() error{
				"http":    func() error { return post(url, body) },
				"predict": func() error { _, err := m.Predict(context.Background(), x); return err },
			}
			for _, way := range []string{"http", "predict"} {
				b.Run(fmt.Sprintf("clients=%d/rows=%d/%s", clients, rows, way), func(b *testing.B) {
					load(b, clients, rows, ways[way])
				})
			}
		}
	}
}

// load calls ask from several goroutines, and reports the median of the latencies.
func load(b *testing.B, clients, rows int, ask func() error) {
	took := make([]time.Duration, b.N)
	var wg sync.WaitGroup
	for c := range clients {
		wg.Go(func() {
			for i := c; i < b.N; i += clients {
				begin := time.Now()
				if err := ask(); err != nil {
					b.Error(err)
				}
				took[i] = time.Since(begin)
			}
		})
	}
	wg.Wait()
	slices.Sort(took)
	b.ReportMetric(float64(b.N*rows)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-median")
}

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}

func post(url string, body []byte) error {
	r, err := client.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer r.Body.Close()
	_, err = io.Copy(io.Discard, r.Body)
	if r.StatusCode != 200 {
		return fmt.Errorf("status %d", r.StatusCode)
	}
	return err
}

// BenchmarkDecode: the JSON of pictures.
func BenchmarkDecode(b *testing.B) {
	body := request(digits(b, 64))
	b.SetBytes(int64(len(body)))
	var data []float32
	for b.Loop() {
		var failed *requestError
		if data, _, failed = decode(body, []int{784}, 64, data); failed != nil {
			b.Fatal(failed)
		}
	}
}
