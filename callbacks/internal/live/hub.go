package live

import "sync"

// Bounds of what a server keeps.
const (
	mostRuns   = 24   // the oldest are dropped
	mostRecent = 64   // messages that an open stream may be behind
	mostSteps  = 1500 // messages of steps of a run
	mostEpochs = 2000 // lines of epochs of a run
	stepBytes  = 256 << 10
	epochBytes = 512 << 10
	normBytes  = 256 << 10
	mostNames  = 300     // log names or parameters in a message
	mostText   = 300     // bytes of a name
	imageBytes = 2 << 20 // of a run's images, in PNG
	imageSide  = 2048    // pixels
	mostImages = 64
	drawBytes  = 1 << 20 // of the network's drawing
)

// A hub keeps the runs and the newest messages.
type hub struct {
	mu      sync.Mutex
	runs    []*Run
	number  int           // of the newest run
	recent  [][]byte      // the newest messages
	sent    uint64        // messages so far
	changed chan struct{} // closed at the next message
	closed  bool
}

// publish gives a message to the open streams. The caller holds the lock.
func (h *hub) publish(m []byte) {
	h.sent++
	if len(h.recent) == mostRecent {
		h.recent = append(h.recent[:0], h.recent[1:]...)
	}
	h.recent = append(h.recent, m)
	h.wake()
}

// wake lets the streams look.
func (h *hub) wake() {
	if h.changed != nil {
		close(h.changed)
		h.changed = nil
	}
}

// nothingSeen is the number of messages that a new stream has seen.
const nothingSeen = ^uint64(0)

// resetMessage makes a page forget its runs.
var resetMessage = []byte(`{"t":"reset"}`)

// since returns the messages after the first seen ones, their number, and a channel that is closed when there are more. If some
// of them are no longer kept, it returns everything, after a reset; so it does for nothingSeen.
func (h *hub) since(seen uint64) (list [][]byte, sent uint64, more <-chan struct{}, closed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if behind := h.sent - seen; behind > uint64(len(h.recent)) {
		list = append(list, resetMessage)
		for _, r := range h.runs {
			list = r.all(list)
		}
	} else {
		list = append(list, h.recent[len(h.recent)-int(behind):]...)
	}
	if h.changed == nil {
		h.changed = make(chan struct{})
	}
	return list, h.sent, h.changed, h.closed
}

// run returns the run with a number, nil if there is none.
func (h *hub) run(number int) *Run {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, r := range h.runs {
		if r.number == number {
			return r
		}
	}
	return nil
}

// begin adds a run, and drops the oldest if there are too many.
func (h *hub) begin(r *Run) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.number++
	r.hub, r.number = h, h.number
	r.steps = track{most: mostSteps, size: stepBytes}
	r.epochs = track{most: mostEpochs, size: epochBytes}
	r.norms = track{most: mostEpochs, size: normBytes}
	r.header = r.Header.message(h.number)
	h.runs = append(h.runs, r)
	h.publish(r.header)
	if len(h.runs) > mostRuns {
		old := h.runs[0]
		h.runs = append(h.runs[:0:0], h.runs[1:]...)
		h.publish(newMessage("drop", old.number).end())
	}
}
