//go:build !js

package live

import (
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// A refusal is why a request is not answered.
type refusal struct {
	status int
	text   string
}

// admit returns the path of a request behind the token, or why it is refused.
//
// Three walls stand between a web site that the user visits and the run. The token in the path is 128 random bits. The name in the
// Host header must be one of this machine's: a site that gives its own name to this address (DNS rebinding) is not. A request that
// a browser sends for another site says so, in Origin or Sec-Fetch-Site; other ports of localhost are other sites.
func (s *Server) admit(q *http.Request) (path string, refused *refusal) {
	if !s.ownName(q.Host) {
		return "", &refusal{http.StatusMisdirectedRequest, "got a host name that is not this machine's, want the address that the program printed"}
	}
	if site := q.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && (site != "none" || q.Method == http.MethodPost) {
		return "", &refusal{http.StatusForbidden, "got a request from another site, want one from the page itself: paste the address into a new tab"}
	}
	for _, origin := range q.Header.Values("Origin") {
		if o, err := url.Parse(origin); err != nil || o.Host == "" || o.Host != q.Host {
			return "", &refusal{http.StatusForbidden, "got a request from another origin, want one from the page itself"}
		}
	}
	token, path, slash := strings.Cut(strings.TrimPrefix(q.URL.Path, "/"), "/")
	if subtle.ConstantTimeCompare([]byte(token), []byte(s.token)) != 1 || !slash {
		return "", &refusal{http.StatusForbidden, "got no valid token in the address, want the address that the program printed"}
	}
	return path, nil
}

// ownName reports whether a Host header names this machine: an IP address, localhost, the machine's name, or the one that the user
// listens at. The port may be another, as behind a tunnel.
func (s *Server) ownName(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	return name != "" && (name == "localhost" || name == s.host || name == s.machine || net.ParseIP(name) != nil)
}

// protect sets the headers of every answer: nothing is stored, framed, guessed, or loaded from elsewhere.
func protect(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "+
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
}

// decimal returns the number that a text stands for, or -1.
func decimal(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}
