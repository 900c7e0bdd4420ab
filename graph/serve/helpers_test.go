package serve

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

var limitsOfTests = Config{MaxRows: 1000, MaxRunning: 16, Timeout: 30 * time.Second}

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}

// mlp returns a network 784-256-128-10.
func mlp(t testing.TB) *graph.Model {
	m, err := graph.Compile(layers.Sequential{
		layers.Dense{Units: 256}, layers.Tanh{}, layers.Dense{Units: 128}, layers.Tanh{}, layers.Dense{Units: 10}, layers.Softmax{},
	}, graph.Config{Input: []int{784}, Seed: 1})
	require.NoError(t, err)
	return m
}

// started serves a model until the test ends, and returns the URL.
func started(t testing.TB, m model, c Config) string {
	t.Helper()
	h, err := newHandler(m, c)
	require.NoError(t, err)
	return startedHandler(t, h)
}

func startedHandler(t testing.TB, h http.Handler) string {
	s := httptest.NewServer(h)
	t.Cleanup(func() {
		client.CloseIdleConnections()
		s.Close()
	})
	return s.URL
}

// ask posts a JSON body to /predict, and returns the status and the answer.
func ask(t testing.TB, url, body string) (int, string) {
	t.Helper()
	return post(t, url+"/predict", "application/json", []byte(body))
}

func post(t testing.TB, url, kind string, body []byte) (int, string) {
	t.Helper()
	r, err := client.Post(url, kind, bytes.NewReader(body))
	require.NoError(t, err)
	return read(t, r)
}

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

// request returns a JSON body with tensor x, of shape (rows, columns).
func request(x *tensor.Dense) []byte {
	columns := x.Shape()[1]
	var b strings.Builder
	b.WriteString(`{"inputs":[`)
	for i, v := range x.Float32s() {
		switch {
		case i == 0:
			b.WriteByte('[')
		case i%columns == 0:
			b.WriteString("],[")
		default:
			b.WriteByte(',')
		}
		fmt.Fprint(&b, v)
	}
	return []byte(b.String() + "]]}")
}

// npy returns a tensor as an .npy file.
func npy(t testing.TB, x *tensor.Dense) []byte {
	var b bytes.Buffer
	require.NoError(t, datasets.WriteNPY(&b, x))
	return b.Bytes()
}
