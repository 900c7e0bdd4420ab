package serve

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"
)

// pipes is a listener of connections within the process, which buffer nothing.
type pipes struct {
	conns chan net.Conn
	done  chan bool
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}
func (p pipes) Close() error   { close(p.done); return nil }
func (p pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

func (p pipes) dial() net.Conn {
	client, server := net.Pipe()
	p.conns <- server
	return client
}

// negative is a model that returns its input, with the sign changed, n times.
type negative struct{ n int }

func (m negative) Input() []int  { return []int{1} }
func (m negative) Output() []int { return []int{m.n} }
func (m negative) Predict(_ context.Context, x *tensor.Dense) (*tensor.Dense, error) {
	rows := x.Shape()[0]
	y := make([]float32, 0, rows*m.n)
	for _, v := range x.Float32s() {
		for range m.n {
			y = append(y, -v)
		}
	}
	return tensor.New(tensor.WithShape(rows, m.n), tensor.WithBacking(y)), nil
}

// TestSlow: a client that sends its body or reads its answer slowly holds its place only for the time limit, though the http.Server has
// none. The clock is the test's.
func TestSlow(t *testing.T) {
	const head = "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 18\r\n\r\n"
	const body = `{"inputs":[[1.5]]}`
	synctest.Test(t, func(t *testing.T) {
		h, err := newHandler(negative{10_000}, Config{Timeout: 3 * time.Second, MaxRunning: 1})
		require.NoError(t, err)
		l := pipes{make(chan net.Conn), make(chan bool)}
		s := &http.Server{Handler: h}
		ended := make(chan error, 1)
		go func() { ended <- s.Serve(l) }()
		status := func(c net.Conn) int {
			r, err := http.ReadResponse(bufio.NewReader(c), nil)
			require.NoError(t, err)
			_, err = io.Copy(io.Discard, r.Body)
			require.NoError(t, err)
			return r.StatusCode
		}
		send := func(c net.Conn, text string) {
			_, err := io.WriteString(c, text)
			require.NoError(t, err)
		}
		other := l.dial()
		ask := func(want int) { // on a connection that stays open
			t.Helper()
			send(other, head+body)
			require.Equal(t, want, status(other))
			synctest.Wait()
		}
		ask(200)

		slow := l.dial() // sends a byte each second
		send(slow, head+body[:1])
		time.Sleep(time.Second)
		send(slow, body[1:2])
		synctest.Wait()
		require.EqualValues(t, 1, h.measures.running.Load())
		ask(503)
		time.Sleep(3 * time.Second)
		require.Equal(t, 408, status(slow))
		slow.Close()
		synctest.Wait()
		require.EqualValues(t, 0, h.measures.running.Load())
		ask(200)

		deaf := l.dial() // does not read
		send(deaf, head+body)
		synctest.Wait()
		require.EqualValues(t, 1, h.measures.running.Load())
		time.Sleep(4 * time.Second)
		synctest.Wait()
		require.EqualValues(t, 0, h.measures.running.Load())
		deaf.Close()
		ask(200)
		time.Sleep(time.Hour) // no limit of a request is left for the next one
		ask(200)

		other.Close()
		require.NoError(t, s.Shutdown(t.Context()))
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(fmt.Errorf("got %w, want %w", err, http.ErrServerClosed))
		}
	})
}
