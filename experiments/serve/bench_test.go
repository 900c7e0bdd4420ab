package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

var limitsOfTests = settings{MaxBody: 16 << 20, MaxSamples: 1000, MaxRunning: 16, Timeout: 30 * time.Second, Gather: 64}

// mlp returns a network 784-256-128-10.
func mlp(t testing.TB) *graph.Model {
	m, err := graph.Compile(layers.Sequential{
		layers.Dense{Units: 256}, layers.Tanh{}, layers.Dense{Units: 128}, layers.Tanh{}, layers.Dense{Units: 10}, layers.Softmax{},
	}, graph.Config{Input: []int{784}, Seed: 1})
	require.NoError(t, err)
	return m
}

// request returns a JSON body with tensor x, of shape (rows, columns).
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

// started serves a model until the test ends, and returns the URL.
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

// digits returns the first images of MNIST's test set, with pixels from 0 to 1.
func digits(b *testing.B, rows int) *tensor.Dense {
	_, test, err := datasets.MNIST()
	require.NoError(b, err)
	return tensor.New(tensor.WithShape(rows, 784), tensor.WithBacking(test.X().Float32s()[:rows*784]))
}

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}

// BenchmarkDecode decodes 64 images as JSON.
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
