package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"
)

// BenchmarkServe measures a server in a process of its own. The clients send prepared requests over open connections, as JSON,
// as .npy of float32 and as .npy of bytes, send again as soon as they have the answer, and compare it to the first. The
// sub-benchmarks called predict predict the same rows in this process.
//
// It reports samples per second, while clients and server share the processors; samples per second of processor time used by
// the server, or by the process that predicts; and samples per batch.
func BenchmarkServe(b *testing.B) {
	m := mlp(b)
	address, pid := startedProcess(b, m)
	for _, clients := range []int{1, 8} {
		for _, rows := range []int{1, 8, 64, 256, 1024} {
			x := digits(b, rows)
			for _, kind := range []string{"json", "npy", "bytes"} {
				b.Run(fmt.Sprintf("clients=%d/rows=%d/%s", clients, rows, kind), func(b *testing.B) {
					before := batches(b, address)
					asking := make([]func() error, clients)
					for i := range asking {
						c := dialed(b, address, x, kind)
						defer c.conn.Close()
						asking[i] = c.ask
					}
					load(b, rows, pid, asking)
					after := batches(b, address)
					b.ReportMetric((after.samples-before.samples)/(after.count-before.count), "rows/batch")
				})
			}
			b.Run(fmt.Sprintf("clients=%d/rows=%d/predict", clients, rows), func(b *testing.B) {
				asking := make([]func() error, clients)
				for i := range asking {
					x := x.Clone().(*tensor.Dense) // each client has its own input
					asking[i] = func() error { _, err := m.Predict(context.Background(), x); return err }
				}
				load(b, rows, os.Getpid(), asking)
			})
		}
	}
}

// load makes b.N requests from one goroutine per element of asking, and reports the metrics.
func load(b *testing.B, rows, pid int, asking []func() error) {
	took := make([]time.Duration, b.N)
	before := processorTime(pid)
	var wg sync.WaitGroup
	b.ResetTimer()
	for c, ask := range asking {
		wg.Go(func() {
			for i := c; i < b.N; i += len(asking) {
				begin := time.Now()
				if err := ask(); err != nil {
					b.Error(err)
					return
				}
				took[i] = time.Since(begin)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	used := processorTime(pid) - before
	slices.Sort(took)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(b.N*rows)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-median")
	if used > 0 {
		b.ReportMetric(float64(b.N*rows)/used.Seconds(), "rows/cpu-s")
	}
}

// processorTime returns the processor time that a process has used so far, which Linux reports in 1/100 s; 0 on other systems.
func processorTime(pid int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest) // from the third field of the file on
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * (time.Second / 100)
}

// batchStats are a server's totals over its batches.
type batchStats struct{ samples, count float64 }

// batches reads the totals from a server's /metrics.
func batches(t testing.TB, address string) (g batchStats) {
	_, text := get(t, "http://"+address+"/metrics")
	for name, to := range map[string]*float64{"sum": &g.samples, "count": &g.count} {
		at := regexp.MustCompile("nndiy_batch_samples_" + name + " (.*)").FindStringSubmatch(text)
		require.NotNil(t, at, text)
		*to, _ = strconv.ParseFloat(at[1], 64)
	}
	return g
}

// A caller is an HTTP client with as little overhead as possible.
type caller struct {
	conn    net.Conn
	request []byte
	size    int // of an answer, including its header
	answer  []byte
	buf     []byte
}

// dialed returns a caller after its first request.
func dialed(t testing.TB, address string, x *tensor.Dense, kind string) *caller {
	head, npy := "POST /predict HTTP/1.1\r\nHost: x\r\n", "Content-Type: application/x-npy\r\nAccept: application/x-npy\r\n"
	var body []byte
	switch kind {
	case "json":
		text, err := json.Marshal(map[string]any{"inputs": rowsOf(x)})
		require.NoError(t, err)
		body = text
	case "npy":
		body, head = array(t, x), head+npy
	case "bytes":
		body, head = array(t, pixels(x)), head+npy
	}
	c := &caller{request: append(fmt.Appendf(nil, "%sContent-Length: %d\r\n\r\n", head, len(body)), body...)}
	var err error
	c.conn, err = net.Dial("tcp", address)
	require.NoError(t, err)
	_, err = c.conn.Write(c.request)
	require.NoError(t, err)
	var first bytes.Buffer
	r, err := http.ReadResponse(bufio.NewReader(io.TeeReader(c.conn, &first)), nil)
	require.NoError(t, err)
	c.answer, err = io.ReadAll(r.Body)
	require.NoError(t, err)
	require.Equal(t, 200, r.StatusCode, "%s", c.answer)
	c.size = first.Len()
	c.buf = make([]byte, c.size)
	return c
}

// rowsOf returns the rows of a matrix.
func rowsOf(x *tensor.Dense) (rows [][]float32) {
	for row := range slices.Chunk(x.Float32s(), x.Shape()[1]) {
		rows = append(rows, row)
	}
	return rows
}

// pixels converts numbers from 0 to 1 to bytes from 0 to 255.
func pixels(x *tensor.Dense) *tensor.Dense {
	b := make([]uint8, x.Size())
	for i, v := range x.Float32s() {
		b[i] = uint8(255*v + 0.5)
	}
	return tensor.New(tensor.WithShape(x.Shape()...), tensor.WithBacking(b))
}

// ask sends the request again, and returns an error if the answer differs from the first.
func (c *caller) ask() error {
	if _, err := c.conn.Write(c.request); err != nil {
		return err
	}
	if _, err := io.ReadFull(c.conn, c.buf); err != nil {
		return err
	}
	if !bytes.HasSuffix(c.buf, c.answer) {
		return fmt.Errorf("got %q, want %q at the end", c.buf, c.answer)
	}
	return nil
}

// serveFile is the environment variable that makes TestProcess the server of a file.
const serveFile = "NNDIY_TEST_SERVE_FILE"

// TestProcess is the server of startedProcess. It runs until its standard input ends.
func TestProcess(t *testing.T) {
	file := os.Getenv(serveFile)
	if file == "" {
		t.Skip("only the server process of benchmarks runs this")
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	require.Equal(t, 0, run(ctx, []string{"-model", file, "-address", "localhost:0"}, os.Stdout, os.Stderr))
}

// startedProcess serves a model in a process of its own, and returns its address and process ID.
func startedProcess(t testing.TB, m interface{ SaveFile(string) error }) (address string, pid int) {
	file := filepath.Join(t.TempDir(), "model.safetensors")
	require.NoError(t, m.SaveFile(file))
	child := exec.Command(os.Args[0], "-test.run=^TestProcess$")
	child.Env = append(os.Environ(), serveFile+"="+file)
	child.Stderr = os.Stderr
	hold, err := child.StdinPipe()
	require.NoError(t, err)
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	t.Cleanup(func() {
		hold.Close()
		_, _ = io.Copy(io.Discard, out)
		require.NoError(t, child.Wait())
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	at := regexp.MustCompile(`http://(\S+),`).FindStringSubmatch(line)
	require.NotNil(t, at, line)
	runtime.GC()
	return at[1], child.Process.Pid
}
