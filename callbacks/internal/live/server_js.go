package live

import "errors"

// A Server shows runs on a page. A program in a browser cannot have one.
type Server struct{ hub }

// Listen returns an error: a program in a browser cannot listen.
func Listen(string) (*Server, error) {
	return nil, errors.New("got a program in a browser, which cannot listen, want another system")
}

// Begin shows a new run.
func (s *Server) Begin(h Header) *Run {
	r := &Run{Header: h}
	s.begin(r)
	return r
}

// URL returns the address of the page.
func (s *Server) URL() string { return "" }

// Close ends the server.
func (s *Server) Close() error { return nil }

// Public reports whether other machines can reach the server.
func (s *Server) Public() bool { return false }
