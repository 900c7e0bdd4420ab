//go:build !js

package live

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// serve opens a server with a run.
func serve(t *testing.T) (*Server, *Run) {
	t.Helper()
	s, err := Listen("localhost:0")
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s, s.Begin(Header{Name: "a run"})
}

// TestStrangers sends requests that the page would not send: they are refused, and give the run no orders. A request of the page is
// among them, so that the table can fail.
func TestStrangers(t *testing.T) {
	s, r := serve(t)
	base := strings.TrimSuffix(s.URL(), "/")
	origin := base[:strings.LastIndexByte(base, '/')]
	host := strings.TrimPrefix(origin, "http://")
	_, port, err := net.SplitHostPort(host)
	require.NoError(t, err)
	stop := `{"run":1,"stop":true}`
	for _, c := range []struct {
		why, method, url, body string
		header                 string // "Name: value", one a line
		want                   int
	}{
		{"the page", "GET", base + "/", "", "", 200},
		{"the page's own order", "POST", base + "/stop", stop, "Origin: " + origin + "\nSec-Fetch-Site: same-origin", 202},
		{"a tunnel from another port", "POST", base + "/stop", stop, "Host: localhost:9999\nOrigin: http://localhost:9999", 202},
		{"no token", "GET", origin + "/", "", "", 403},
		{"no token, a file", "GET", origin + "/main.js", "", "", 403},
		{"a wrong token", "GET", origin + "/" + strings.Repeat("0", 32) + "/events", "", "", 403},
		{"a part of the token", "GET", base[:len(base)-1] + "/events", "", "", 403},
		{"a longer token", "POST", base + "0/stop", stop, "", 403},
		{"a wrong token with an order", "POST", origin + "/" + strings.Repeat("f", 32) + "/stop", stop, "", 403},
		{"the token without a slash", "GET", base, "", "", 403},
		{"a path out of the page", "GET", base + "/%2e%2e/server.go", "", "", 404},
		{"a folder", "GET", base + "/.", "", "", 404},
		{"an unknown path", "GET", base + "/nothing", "", "", 404},
		{"an image that is not there", "GET", base + "/image/1/-1/0", "", "", 404},
		{"a run that is not there", "GET", base + "/network/99999999999999999999", "", "", 404},
		{"an image without numbers", "GET", base + "/image", "", "", 404},
		{"another site", "POST", base + "/stop", stop, "Origin: https://evil.example", 403},
		{"a site with no name", "POST", base + "/stop", stop, "Origin: null", 403},
		{"another port of this machine", "POST", base + "/stop", stop, "Origin: http://localhost:1\nSec-Fetch-Site: same-site", 403},
		{"an order from a typed address", "POST", base + "/stop", stop, "Sec-Fetch-Site: none", 403},
		{"a picture in another site", "GET", base + "/events", "", "Sec-Fetch-Site: cross-site\nSec-Fetch-Mode: no-cors", 403},
		{"a name of another site (DNS rebinding)", "POST", base + "/stop", stop, "Host: evil.example:" + port + "\nOrigin: http://evil.example:" + port, 421},
		{"an empty name", "GET", base + "/", "", "Host: :80", 421},
		{"a name that begins as ours", "GET", base + "/", "", "Host: localhost.evil.example", 421},
		{"an order by GET", "GET", base + "/stop", "", "", 405},
		{"the page by POST", "POST", base + "/", "", "", 405},
		{"the head of the stream", "HEAD", base + "/events", "", "", 405},
		{"the page by DELETE", "DELETE", base + "/", "", "", 405},
		{"no body", "POST", base + "/stop", "", "", 400},
		{"no order", "POST", base + "/stop", "{}", "", 400},
		{"not JSON", "POST", base + "/stop", "run=1&stop=true", "", 400},
		{"an unknown field", "POST", base + "/stop", `{"run":1,"stop":true,"x":1}`, "", 400},
		{"two values", "POST", base + "/stop", stop + stop, "", 400},
		{"a huge body", "POST", base + "/stop", stop + strings.Repeat(" ", 1<<20), "", 400},
		{"a negative rate", "POST", base + "/rate", `{"run":1,"rate":-1}`, "", 400},
		{"a rate beyond float64", "POST", base + "/rate", `{"run":1,"rate":1e999}`, "", 400},
		{"a rate that is a string", "POST", base + "/rate", `{"run":1,"rate":"NaN"}`, "", 400},
		{"another run", "POST", base + "/rate", `{"run":7,"rate":1}`, "", 404},
		{"huge headers", "GET", base + "/", "", "X: " + strings.Repeat("x", 1<<20), 431},
		{"a huge address", "GET", base + "/" + strings.Repeat("x", 1<<16), "", "", 431},
	} {
		t.Run(c.why, func(t *testing.T) {
			q, err := http.NewRequest(c.method, c.url, strings.NewReader(c.body))
			require.NoError(t, err)
			for _, line := range strings.Split(c.header, "\n") {
				name, value, _ := strings.Cut(line, ": ")
				switch name {
				case "":
				case "Host":
					q.Host = value
				default:
					q.Header.Set(name, value)
				}
			}
			status := 431 // also if the server closes the connection before it has read all
			if a, err := http.DefaultTransport.RoundTrip(q); err == nil {
				defer a.Body.Close()
				status = a.StatusCode
				require.Equal(t, "nosniff", cmpHeader(a, status))
				require.Empty(t, a.Header.Get("Access-Control-Allow-Origin"))
			}
			require.Equal(t, c.want, status)
			_, ok := r.Orders()
			require.Equal(t, c.want == 202, ok, "orders")
		})
	}
}

// cmpHeader returns a header of safety; an answer to a request that cannot be read has none.
func cmpHeader(a *http.Response, status int) string {
	if status == 431 {
		return "nosniff"
	}
	return a.Header.Get("X-Content-Type-Options")
}

// TestCrowd opens 100 streams that read nothing, and publishes more than their buffers hold: nothing waits for them, and memory
// stays bounded. Then they leave, and there is room again.
func TestCrowd(t *testing.T) {
	s, r := serve(t)
	before := heap()
	var crowd []net.Conn
	for range 100 {
		c, err := net.Dial("tcp", s.listener.Addr().String())
		require.NoError(t, err)
		_, err = fmt.Fprintf(c, "GET /%s/events HTTP/1.1\r\nHost: localhost\r\n\r\n", s.token)
		require.NoError(t, err)
		crowd = append(crowd, c)
	}
	require.Eventually(t, func() bool { return len(s.streams) == mostStreams }, time.Minute, time.Millisecond)
	names := make([]string, 200)
	for i := range names {
		names[i] = strings.Repeat("a long name ", 20) + fmt.Sprint(i)
	}
	for i := range 2000 { // 100 MB
		r.Step(Step{Step: i})
		r.Epoch(i, i, 0, names, map[string]float64{})
		r.Layers(i, []Parameter{{Name: "dense1/weight"}})
	}
	require.LessOrEqual(t, len(s.streams), mostStreams)
	require.Less(t, heap()-before, 32e6)
	for _, c := range crowd {
		c.Close()
	}
	require.Eventually(t, func() bool { return len(s.streams) == 0 }, time.Minute, time.Millisecond)
	q, err := http.Get(s.URL() + "events")
	require.NoError(t, err)
	defer q.Body.Close()
	line, err := bufio.NewReader(q.Body).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "data: "+string(resetMessage)+"\n", line)
}

func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// TestClose: the end of the server ends its streams and goroutines, and frees the port.
func TestClose(t *testing.T) {
	before := runtime.NumGoroutine()
	s, err := Listen("127.0.0.1:0")
	require.NoError(t, err)
	q, err := http.Get(s.URL() + "events")
	require.NoError(t, err)
	addr := s.listener.Addr().String()
	_, err = Listen(addr)
	require.ErrorContains(t, err, "got "+addr+", which is in use by this or another program, want a free port")
	require.NoError(t, s.Close())
	_, err = io.ReadAll(q.Body)
	q.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	_ = err                                                                                                         // the stream may end within a chunk
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+1 }, time.Minute, time.Millisecond) // the condition has one itself
	s, err = Listen(addr)
	require.NoError(t, err)
	require.NoError(t, s.Close())
}

func TestListen(t *testing.T) {
	for addr, public := range map[string]bool{":0": false, "localhost:0": false, "[::1]:0": false, "0.0.0.0:0": true} {
		s, err := Listen(addr)
		if addr == "[::1]:0" && err != nil {
			continue // a machine without IPv6
		}
		require.NoError(t, err)
		require.Equal(t, public, s.Public(), addr)
		q, err := http.Get(s.URL())
		require.NoError(t, err, addr)
		q.Body.Close()
		require.Equal(t, 200, q.StatusCode, addr)
		require.NoError(t, s.Close())
	}
	for addr, want := range map[string]string{"8080": "want a host and a port", "localhost:99999": "invalid port", "host.invalid:0": "host.invalid"} {
		_, err := Listen(addr)
		require.ErrorContains(t, err, want, addr)
	}
}
