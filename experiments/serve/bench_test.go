package main

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// mlp returns a network 784-256-128-10.
func mlp(t testing.TB) *graph.Model {
	m, err := graph.Compile(layers.Sequential{
		layers.Dense{Units: 256}, layers.Tanh{}, layers.Dense{Units: 128}, layers.Tanh{}, layers.Dense{Units: 10}, layers.Softmax{},
	}, graph.Config{Input: []int{784}, Seed: 1})
	require.NoError(t, err)
	return m
}

// digits returns the first images of MNIST's test set, with pixels from 0 to 1.
func digits(b *testing.B, rows int) *tensor.Dense {
	_, test, err := datasets.MNIST()
	require.NoError(b, err)
	return tensor.New(tensor.WithShape(rows, 784), tensor.WithBacking(test.X().Float32s()[:rows*784]))
}

// array returns a tensor as an .npy file.
func array(t testing.TB, x *tensor.Dense) []byte {
	var b bytes.Buffer
	require.NoError(t, datasets.WriteNPY(&b, x))
	return b.Bytes()
}

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}

func read(t testing.TB, r *http.Response) (int, string) {
	t.Helper()
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return r.StatusCode, string(text)
}

func get(t testing.TB, url string) (int, string) {
	t.Helper()
	r, err := client.Get(url)
	require.NoError(t, err)
	return read(t, r)
}
