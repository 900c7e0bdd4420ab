//go:build !js

package live

import (
	"net/http"
	"time"
)

// stream answers with server-sent events, until the browser leaves or the server closes.
func (s *Server) stream(w http.ResponseWriter, q *http.Request) {
	select {
	case s.streams <- struct{}{}:
		defer func() { <-s.streams }()
	default:
		w.Header().Set("Retry-After", "5")
		w.Header().Set("Connection", "close")
		http.Error(w, "got more open pages than the server has places for, want one of them closed", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for seen := nothingSeen; ; {
		list, sent, more, closed := s.since(seen)
		seen = sent
		if len(list) == 0 {
			list = [][]byte{nil} // a heartbeat
		}
		for _, m := range list {
			if err := out.SetWriteDeadline(time.Now().Add(writePatience)); err != nil {
				return
			}
			if _, err := w.Write(event(m)); err != nil { // too slow, or gone
				return
			}
		}
		if out.Flush() != nil || closed {
			return
		}
		select {
		case <-more:
		case <-beat.C:
		case <-q.Context().Done():
			return
		}
	}
}

// event returns a message as a server-sent event; JSON has no line breaks.
func event(m []byte) []byte {
	if m == nil {
		return []byte(":\n\n")
	}
	e := make([]byte, 0, len(m)+8)
	return append(append(append(e, "data: "...), m...), "\n\n"...)
}
