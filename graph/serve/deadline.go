package serve

import (
	"net/http"
	"strconv"
	"time"
)

// A requestError is an error of a request, with the HTTP status of the answer.
type requestError struct {
	code int
	text string
}

// limitRead begins the time to read the body, and readDone ends it. A slow client so holds a place among the running requests only
// for the time that Config says, whatever limits the http.Server has.
func (h *Handler) limitRead(w http.ResponseWriter) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(h.config.Timeout)) // a writer of a test has no deadline
}

func readDone(w http.ResponseWriter) { _ = http.NewResponseController(w).SetReadDeadline(time.Time{}) }

// send writes an answer within the time limit. An error means that the client has gone, or reads too slowly.
func (h *Handler) send(w http.ResponseWriter, code int, media []string, text []byte) {
	w.Header()["Content-Type"] = media
	w.Header()["Content-Length"] = []string{strconv.Itoa(len(text))}
	c := http.NewResponseController(w)
	_ = c.SetWriteDeadline(time.Now().Add(h.config.Timeout))
	w.WriteHeader(code)
	if _, err := w.Write(text); err == nil && c.Flush() == nil { // what a later write would send has no limit
		_ = c.SetWriteDeadline(time.Time{})
	}
}
