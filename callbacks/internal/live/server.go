//go:build !js

package live

import (
	"crypto/rand"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"
)

// Bounds of what strangers may ask for.
const (
	mostConnections = 64
	mostStreams     = 32
	headerBytes     = 8 << 10
	bodyBytes       = 1 << 10
	patience        = 5 * time.Second // to read a request
	writePatience   = 10 * time.Second
	heartbeat       = 15 * time.Second // a comment in a stream that is silent
)

//go:embed page
var page embed.FS

// A Server shows runs on a page. It listens from Listen to Close.
type Server struct {
	hub
	listener net.Listener
	http     *http.Server
	token    string
	host     string        // as the user named it
	machine  string        // the machine's name
	streams  chan struct{} // one for each open stream
	done     chan struct{} // closed when the server has ended
}

// Listen opens the server at an address, host:port. Without a host it is the loopback interface; port 0 takes a free one.
func Listen(addr string) (*Server, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("got %q, want a host and a port, such as localhost:8080", addr)
	}
	if host == "" {
		host = "localhost"
	}
	l, err := net.Listen("tcp", net.JoinHostPort(host, port))
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("got %s, which is in use by this or another program, want a free port; %s takes any: %w",
			addr, net.JoinHostPort(host, "0"), err)
	case err != nil:
		return nil, err
	}
	machine, _ := os.Hostname()
	var token [16]byte
	_, _ = rand.Read(token[:]) // never fails
	s := &Server{
		token: hex.EncodeToString(token[:]), host: strings.ToLower(host), machine: strings.ToLower(machine), listener: l,
		streams: make(chan struct{}, mostStreams), done: make(chan struct{}),
	}
	s.http = &http.Server{
		Handler: s, ErrorLog: log.New(io.Discard, "", 0), // strangers' mistakes do not belong on the terminal
		ReadHeaderTimeout: patience, WriteTimeout: 4 * patience, IdleTimeout: 4 * patience, MaxHeaderBytes: headerBytes,
	}
	go func() {
		defer close(s.done)
		_ = s.http.Serve(newCrowd(l, mostConnections))
	}()
	return s, nil
}

// Begin shows a new run.
func (s *Server) Begin(h Header) *Run {
	r := &Run{Header: h}
	s.begin(r)
	return r
}

// URL returns the address of the page, with the token.
func (s *Server) URL() string {
	addr := s.listener.Addr().(*net.TCPAddr)
	host := addr.IP.String() // not the name: another program may listen at another address that it has
	if addr.IP.IsUnspecified() {
		host = "localhost"
		if net.ParseIP(s.host) == nil {
			host = s.host
		}
	}
	return fmt.Sprintf("http://%s/%s/", net.JoinHostPort(host, fmt.Sprint(addr.Port)), s.token)
}

// Close ends the server and all its connections.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	s.wake()
	s.mu.Unlock()
	err := s.http.Close()
	<-s.done
	return err
}

// Public reports whether other machines can reach the server.
func (s *Server) Public() bool { return !s.listener.Addr().(*net.TCPAddr).IP.IsLoopback() }

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	protect(w.Header())
	path, refused := s.admit(q)
	if refused != nil {
		w.Header().Set("Connection", "close") // its place is free again
		http.Error(w, refused.text, refused.status)
		return
	}
	method := http.MethodGet
	if path == "stop" || path == "rate" {
		method = http.MethodPost
	}
	if q.Method != method {
		w.Header().Set("Allow", method)
		http.Error(w, fmt.Sprintf("got %.20q, want %s", q.Method, method), http.StatusMethodNotAllowed)
		return
	}
	kind, rest, _ := strings.Cut(path, "/")
	switch kind {
	case "events":
		s.stream(w, q)
	case "stop", "rate":
		s.order(w, q, kind)
	case "network", "image":
		s.picture(w, kind, rest)
	default:
		s.file(w, path)
	}
}

// typeOf returns the media type of a file of the page; the system's own table may have others.
func typeOf(name string) string {
	switch name[strings.LastIndexByte(name, '.')+1:] {
	case "html":
		return "text/html; charset=utf-8"
	case "css":
		return "text/css; charset=utf-8"
	case "js":
		return "text/javascript; charset=utf-8"
	case "svg":
		return "image/svg+xml"
	}
	return "image/png"
}

// file answers with a file of the page.
func (s *Server) file(w http.ResponseWriter, name string) {
	if name == "" {
		name = "index.html"
	}
	data, err := page.ReadFile("page/" + name)
	if err != nil {
		http.Error(w, "got a path that the page does not have", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", typeOf(name))
	_, _ = w.Write(data)
}

// picture answers with the drawing of a run's network, network/1, or with an image, image/1/0/17, whose last number differs each time.
func (s *Server) picture(w http.ResponseWriter, kind, rest string) {
	var data []byte
	parts := append(strings.Split(rest, "/"), "")
	if r := s.run(decimal(parts[0])); r != nil {
		if kind == "image" {
			data = r.image(decimal(parts[1]))
			w.Header().Set("Content-Type", typeOf("png"))
		} else {
			s.mu.Lock()
			data = r.svg
			s.mu.Unlock()
			w.Header().Set("Content-Type", typeOf("svg"))
		}
	}
	if data == nil {
		http.Error(w, "got a picture that is not kept", http.StatusNotFound)
		return
	}
	_, _ = w.Write(data)
}
