package graph

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// WriteTrace writes the step as a trace file, which chrome://tracing and https://ui.perfetto.dev open: one line of time with the
// layers, each inside the one around it, and one with the operations, those of a loop inside it. The format is the JSON of Google's
// "Trace Event Format".
func (p *Profile) WriteTrace(w io.Writer) error {
	t := traceFile{Unit: "ms", Events: []traceEvent{
		{Name: "process_name", Phase: "M", Args: map[string]any{"name": fmt.Sprintf("a training step on %d samples", p.Rows)}},
		{Name: "thread_name", Phase: "M", Thread: layersLine, Args: map[string]any{"name": "layers"}},
		{Name: "thread_name", Phase: "M", Thread: opsLine, Args: map[string]any{"name": "operations"}},
	}}
	t.addLayers(p)
	for _, e := range p.events {
		t.add(opsLine, e.name, phaseNames[e.phase], e.start, e.end, map[string]any{
			"layer": e.layer, "operation": e.operation, "shape": fmt.Sprint(e.shape), "flops": e.flops, "bytes": e.bytes,
		})
	}
	t.add(opsLine, optimizerRow, optimizerRow, p.update, p.Time, nil)
	return public("WriteTrace", json.NewEncoder(w).Encode(t))
}

var phaseNames = [...]string{ops.Forward: "forward", ops.Backward: "backward", ops.Again: "again"}

// The lines of time.
const (
	layersLine = 1
	opsLine    = 2
)

// A traceFile is the JSON Object Format of a trace.
type traceFile struct {
	Unit   string       `json:"displayTimeUnit"`
	Events []traceEvent `json:"traceEvents"`
}

// A traceEvent is a complete event, phase X, or metadata, phase M. Times are in microseconds.
type traceEvent struct {
	Name     string         `json:"name"`
	Category string         `json:"cat,omitempty"`
	Phase    string         `json:"ph"`
	Start    float64        `json:"ts"`
	Duration float64        `json:"dur"`
	Process  int            `json:"pid"`
	Thread   int            `json:"tid"`
	Args     map[string]any `json:"args,omitempty"`
}

func (t *traceFile) add(line int, name, category string, start, end time.Duration, args map[string]any) {
	us := func(d time.Duration) float64 { return float64(d) / 1e3 }
	t.Events = append(t.Events, traceEvent{name, category, "X", us(start), us(end - start), 0, line, args})
}

// addLayers adds the passes and, inside them, the layers, as long as operations of them follow each other.
func (t *traceFile) addLayers(p *Profile) {
	type open struct {
		name  string
		start time.Duration
	}
	var stack []open
	var now time.Duration // the end of the last operation
	category := ""
	leave := func(depth int) {
		for len(stack) > depth {
			last := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			t.add(layersLine, last.name, category, last.start, now, nil)
		}
	}
	for _, e := range p.events {
		if e.depth > 0 {
			continue
		}
		pass := e.phase
		if pass == ops.Again {
			pass = ops.Backward
		}
		path := append([]string{phaseNames[pass]}, strings.Split(e.layer, "/")...)
		if e.phase == ops.Again {
			path = slices.Insert(path, 1, phaseNames[ops.Again])
		}
		same := 0
		for same < min(len(path), len(stack)) && path[same] == stack[same].name {
			same++
		}
		leave(same)
		category = phaseNames[pass]
		for _, name := range path[same:] {
			stack = append(stack, open{name, e.start})
		}
		now = e.end
	}
	leave(0)
	t.add(layersLine, optimizerRow, optimizerRow, p.update, p.Time, nil)
}
