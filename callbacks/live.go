package callbacks

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/nndiy/nndiy/callbacks/internal/live"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Live shows training in a browser, while it runs: the logs by step and epoch, the learning rate, samples per second and the time
// left, histograms and norms of the parameters and their gradients, images, and the network. Buttons on the page end training after
// the current epoch, and change the learning rate. At the first TrainBegin, Live opens a server and prints its address:
//
//	live: http://127.0.0.1:8080/6f1c.../
//
// The server runs until Close or the end of the program, not only during Fit. Several calls of Fit with one Live, one after the other,
// are overlaid on the page. In a FitConfig.Group only rank 0 shows the run.
//
// Put Live after the schedules, and after callbacks that add to the logs. A rate set by the button overrides the schedules in front of
// Live at all later steps, until a second button gives the rate back to them. Checkpoints store such a rate, and a requested stop;
// like any callback with state, Live must be there again when the run resumes. Without a press of a button, a run with Live has the
// same bits as one without, if Images does not change the model.
//
// Live shows at most ten steps a second, and measures parameters and gradients at most once a second; these take at most
// 0.4% of the time, so they are rarer where they cost much. Training waits for Images as long as they take. Live keeps at most
// 24 runs, each in a few megabytes: the longer a run is, the fewer of its points are kept.
//
// # Who can see it
//
// Whoever has the address, with its random part, can see the run and press the buttons. The server accepts connections from this
// machine only, unless Addr has another host, and refuses requests that come from other web sites. It does not encrypt: to
// look from another machine, a tunnel (ssh -L 8080:127.0.0.1:8080 machine) is safer than an Addr that all can reach.
type Live struct {
	// Addr is the host and port to listen at; default localhost:8080. Port 0 takes a free port. An empty host is localhost;
	// 0.0.0.0 means all of the machine's addresses.
	Addr string

	Name string   // of the next run, on the page; default "run" and its number
	Logs []string // files that JSONL has written, to show beside the runs; the page can also open them

	Images      func(r *graph.Run) ([]TaggedImage, error) // returns images at the end of an epoch; nil means none
	ImagesEvery int                                       // epochs between images; 0 means 1, but at most one call in a second

	Writer io.Writer // where the address is printed; default os.Stderr

	server *live.Server
	runs   int
	run    *live.Run // nil unless Fit is running
	clock  liveClock
	state  liveState
	shown  liveState        // the state that the page shows
	list   []live.Parameter // that inspect has measured
	last   liveEpoch
	past   int // epochs before the checkpoint from which the run resumes, that are still to be shown
}

// A liveState is what the buttons have done.
type liveState struct {
	Stop bool    // training ends after this epoch
	Held bool    // the learning rate is held
	Rate float64 // at this
}

var _ graph.Stateful = (*Live)(nil)

// Listen opens the server before the first Fit, or without one, to look at Logs. It does nothing if the server is open.
func (l *Live) Listen() error {
	if l.server != nil {
		return nil
	}
	s, err := live.Listen(cmp.Or(l.Addr, "localhost:8080"))
	if err != nil {
		return fmt.Errorf("callbacks: Live: Addr: %w", err)
	}
	for _, path := range l.Logs {
		if err := s.Open(path); err != nil {
			s.Close()
			return fmt.Errorf("callbacks: Live: Logs: %w", err)
		}
	}
	l.server = s
	l.print("live: %s\n", s.URL())
	if s.Public() {
		l.print("live: other machines can reach this address, and what is sent is not encrypted\n")
	}
	return nil
}

// URL returns the address of the page, "" while the server is not open.
func (l *Live) URL() string {
	if l.server == nil {
		return ""
	}
	return l.server.URL()
}

// Close ends the server. A later Fit opens a new one, with another address and without the runs so far.
func (l *Live) Close() error {
	s := l.server
	l.server, l.runs = nil, 0
	if s == nil {
		return nil
	}
	if err := s.Close(); err != nil {
		return fmt.Errorf("callbacks: Live: %w", err)
	}
	return nil
}

// print writes to Writer. A failed write does not end training.
func (l *Live) print(format string, args ...any) {
	var w io.Writer = os.Stderr
	if l.Writer != nil {
		w = l.Writer
	}
	fmt.Fprintf(w, format, args...)
}

// Handle implements graph.Callback.
func (l *Live) Handle(r *graph.Run, e graph.Event) error {
	if r.Rank > 0 { // rank 0 of FitConfig.Group shows the run
		return nil
	}
	switch e {
	case graph.TrainBegin:
		return l.begin(r)
	case graph.EpochBegin:
		l.clock.epoch(r)
		l.obey(r)
	case graph.StepBegin:
		l.showPast(r)
		if l.clock.look {
			r.InspectUpdate(l.inspect)
		}
	case graph.StepEnd:
		l.obey(r)
		l.step(r)
	case graph.ValidBegin:
		l.clock.valid = time.Now()
	case graph.ValidEnd:
		l.clock.from = l.clock.from.Add(time.Since(l.clock.valid)) // the speed is that of training
	case graph.EpochEnd:
		return l.epoch(r)
	case graph.TrainEnd:
		l.end(r)
	}
	return nil
}

func (l *Live) begin(r *graph.Run) error {
	l.run, l.state, l.shown, l.list, l.last, l.past = nil, liveState{}, liveState{}, nil, liveEpoch{}, len(r.History.Logs)
	if err := settings.CheckIn("callbacks: Live", settings.Count("ImagesEvery", l.ImagesEvery, 0)); err != nil {
		return err
	}
	if err := l.Listen(); err != nil {
		return err
	}
	l.runs++
	h := live.Header{Name: cmp.Or(l.Name, fmt.Sprintf("run %d", l.runs)), Limits: limits(r)}
	if r.Model != nil {
		h.Summary = r.Model.String()
	}
	l.run = l.server.Begin(h)
	if r.Model != nil {
		l.draw(r.Model)
	}
	l.clock.begin(time.Now())
	return nil
}

// State implements graph.Stateful.
func (l *Live) State() graph.Saved {
	return graph.Saved{"stop": &l.state.Stop, "held": &l.state.Held, "rate": &l.state.Rate}
}
