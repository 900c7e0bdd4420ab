//go:build !js

package live

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"time"
)

// order takes an order for a run: {"run":1,"stop":true} at stop, {"run":1,"rate":0.001} at rate, where null lets schedules go on.
func (s *Server) order(w http.ResponseWriter, q *http.Request, kind string) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(patience))
	var body struct {
		Run  int
		Stop *bool
		Rate *float64
	}
	d := json.NewDecoder(http.MaxBytesReader(w, q.Body, bodyBytes))
	d.DisallowUnknownFields()
	err := d.Decode(&body)
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			err = fmt.Errorf("got more than one value")
		}
	}
	if err != nil {
		http.Error(w, fmt.Sprintf("got a body that is not an order, want {\"run\": 1, \"stop\": true} or {\"run\": 1, \"rate\": 0.001}: %.200v", err), http.StatusBadRequest)
		return
	}
	o := Orders{Stop: body.Stop}
	if kind == "rate" {
		o = Orders{Rate: body.Rate, Release: body.Rate == nil}
	}
	switch {
	case kind == "stop" && body.Stop == nil:
		http.Error(w, "got no \"stop\", want true or false", http.StatusBadRequest)
		return
	case o.Rate != nil && (!(*o.Rate >= 0) || math.IsInf(*o.Rate, 0)):
		http.Error(w, fmt.Sprintf("got the rate %v, want a finite number of 0 or more", *o.Rate), http.StatusBadRequest)
		return
	}
	r := s.run(body.Run)
	if r == nil {
		http.Error(w, fmt.Sprintf("got run %d, want one that the page shows", body.Run), http.StatusNotFound)
		return
	}
	if err := r.post(o); err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}
