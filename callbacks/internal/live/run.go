package live

import "sync/atomic"

// A Header says what a run is.
type Header struct {
	Name    string
	Log     bool   // it is read from a file, and has ended
	Limits  string // how long it runs, in words
	Summary string // of the network: a table of its layers
}

func (h Header) message(number int) []byte {
	log := "false"
	if h.Log {
		log = "true"
	}
	return newMessage("run", number).key("name").text(short(h.Name)).key("log").raw(log).
		key("limits").text(h.Limits).key("summary").text(h.Summary[:min(len(h.Summary), drawBytes)]).end()
}

// short cuts a name that is too long.
func short(s string) string { return s[:min(len(s), mostText)] }

// A Run is a run of training that the page shows. All methods may be called from any goroutine.
type Run struct {
	Header

	hub    *hub
	number int
	over   bool

	header, layers, images, drawing, control, ended []byte // the newest message of each kind
	steps, epochs, norms                            track

	svg     []byte   // the network's drawing
	png     [][]byte // the images
	version int      // of the images

	posted atomic.Bool // there may be orders
	orders Orders
}

// all appends the messages of a run to a list.
func (r *Run) all(list [][]byte) [][]byte {
	list = append(list, r.header)
	list = r.epochs.all(r.norms.all(r.steps.all(list)))
	for _, m := range [][]byte{r.layers, r.images, r.drawing, r.control, r.ended} {
		if m != nil {
			list = append(list, m)
		}
	}
	return list
}

// A Step is the state of a run after a step of training.
type Step struct {
	Step     int     // number of the step
	Epoch    float64 // epochs done, with the part of the current one
	Seconds  float64 // since the run began
	Loss     float64 // mean of the epoch so far
	StepLoss float64
	Rate     float64
	Speed    float64 // samples per second
	Left     float64 // seconds; NaN if it is not known
}

// Step shows a step.
func (r *Run) Step(s Step) {
	m := newMessage("step", r.number).raw(`,"v":[`).int(s.Step)
	for _, v := range []float64{s.Epoch, s.Seconds, s.Loss, s.StepLoss, s.Rate, s.Speed, s.Left} {
		m = m.raw(",").float(v, 7)
	}
	r.add(&r.steps, m.raw("]").end(), true)
}

// Epoch shows the logs of an epoch, with the names in the given order. Seconds is NaN if it is not known.
func (r *Run) Epoch(epoch, step int, seconds float64, names []string, logs map[string]float64) {
	m := newMessage("epoch", r.number).key("epoch").int(epoch).key("step").int(step).key("seconds").float(seconds, 7).raw(`,"logs":{`)
	for i, name := range names[:min(len(names), mostNames)] {
		if i > 0 {
			m = m.raw(",")
		}
		m = m.text(short(name)).raw(":").float(logs[name], -1)
	}
	r.add(&r.epochs, m.raw("}").end(), true)
}

// Control shows what the buttons have done: whether the run stops after this epoch, and the rate at which it is held, nil for none.
func (r *Run) Control(stop bool, held *float64) {
	m := newMessage("control", r.number).raw(`,"stop":false`)
	if stop {
		m = newMessage("control", r.number).raw(`,"stop":true`)
	}
	m = m.key("held")
	if held == nil {
		m = m.raw("null")
	} else {
		m = m.float(*held, -1)
	}
	r.set(&r.control, m.end())
}

// End shows that a run has ended, and why; "" means that it was completed. Orders are refused from then on.
func (r *Run) End(reason string) {
	r.hub.mu.Lock()
	r.over = true
	r.hub.mu.Unlock()
	r.set(&r.ended, newMessage("end", r.number).key("error").text(reason[:min(len(reason), 4096)]).end())
}

// add keeps a message in a track, and publishes it if it is not a copy of what another one says.
func (r *Run) add(t *track, m []byte, publish bool) {
	r.hub.mu.Lock()
	defer r.hub.mu.Unlock()
	t.add(m)
	if publish {
		r.hub.publish(m)
	}
}

// set keeps a message as the newest of its kind.
func (r *Run) set(kind *[]byte, m []byte) {
	r.hub.mu.Lock()
	defer r.hub.mu.Unlock()
	*kind = m
	r.hub.publish(m)
}
