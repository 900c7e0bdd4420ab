package graph

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// A profileEvent is one run of an operation.
type profileEvent struct {
	name, layer, operation string
	shape                  []int
	phase                  ops.Phase
	depth                  int // the number of loops around it
	start, end             time.Duration
	flops, bytes           float64
}

// Names of the rows of a Profile that are no layers.
const (
	outsideLayers = "(outside layers)"
	betweenOps    = "between operations"
	optimizerRow  = "optimizer"
)

// newProfile returns the profile of a step.
func (m *Model) newProfile(run profiledRun, rows, memory int) *Profile {
	p := &Profile{Rows: rows, Time: run.end, Memory: memory, update: run.update}
	known := map[*ops.Op]*profileEvent{}
	for _, e := range run.events {
		k := known[e.Op]
		if k == nil {
			o := e.Op
			k = &profileEvent{name: o.Name(), layer: o.Where, operation: o.Def.String(), shape: o.Shape, flops: o.Flops(), bytes: o.Bytes()}
			if k.layer == "" {
				k.layer = outsideLayers
			}
			known[o] = k
		}
		event := *k
		event.phase, event.depth, event.start, event.end = e.Phase, e.Depth, e.Start, e.End
		p.events = append(p.events, event)
	}
	p.addLayers()
	rest := run.end
	for _, l := range p.Layers {
		rest -= l.Total().Time
	}
	update := run.end - run.update
	p.Layers = append(p.Layers,
		LayerProfile{Layer: optimizerRow, Forward: Work{Ops: 1, Time: update, Bytes: m.optimizerBytes()}},
		LayerProfile{Layer: betweenOps, Forward: Work{Time: rest - update}})
	return p
}

// addLayers adds up the work of each layer. The time of a loop is that without its operations.
func (p *Profile) addLayers() {
	index := map[string]int{}
	for i := range p.events {
		e := &p.events[i]
		at, ok := index[e.layer]
		if !ok {
			at = len(p.Layers)
			index[e.layer] = at
			p.Layers = append(p.Layers, LayerProfile{Layer: e.layer})
		}
		own := e.end - e.start
		for _, inner := range p.events[i+1:] {
			if inner.depth <= e.depth {
				break
			}
			if inner.depth == e.depth+1 {
				own -= inner.end - inner.start
			}
		}
		w := &p.Layers[at].Forward
		switch e.phase {
		case ops.Backward:
			w = &p.Layers[at].Backward
		case ops.Again:
			w = &p.Layers[at].Again
		}
		w.add(Work{1, own, e.flops, e.bytes})
	}
}

// String returns a table with a line for each layer: the times of forward and backward pass in milliseconds, the fraction of the
// step's time, the arithmetic operations in millions and for each second in billions, the bytes in millions and for each second in
// billions.
func (p *Profile) String() string {
	var b strings.Builder
	var total LayerProfile
	again := false
	for _, l := range p.Layers {
		again = again || l.Again.Ops > 0
		total.Forward.add(l.Forward)
		total.Backward.add(l.Backward)
		total.Again.add(l.Again)
	}
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	columns := "forward ms\tbackward ms\t"
	if again {
		columns += "again ms\t"
	}
	fmt.Fprintf(w, "layer\t%s%%\tops\tMFLOP\tGFLOP/s\tMB\tGB/s\t\n", columns)
	line := func(l LayerProfile) {
		all := l.Total()
		fmt.Fprintf(w, "%s\t%s\t%s\t", l.Layer, milliseconds(l.Forward), milliseconds(l.Backward))
		if again {
			fmt.Fprintf(w, "%s\t", milliseconds(l.Again))
		}
		fmt.Fprintf(w, "%.1f\t%d\t%s\t%s\t%s\t%s\t\n", 100*all.Time.Seconds()/p.Time.Seconds(), all.Ops,
			number(all.Flops/1e6, 2), number(all.Flops/1e9/all.Time.Seconds(), 1), number(all.Bytes/1e6, 2), number(all.Bytes/1e9/all.Time.Seconds(), 1))
	}
	for _, l := range p.Layers {
		line(l)
	}
	total.Layer = "total"
	line(total)
	w.Flush()
	text := leftAligned(b.String())
	return text + fmt.Sprintf("a step on %d samples: %s ms, %.1f MB of memory\n", p.Rows, milliseconds(Work{Ops: 1, Time: p.Time}), float64(p.Memory)/1e6)
}

// leftAligned moves the first column of right-aligned lines to the left.
func leftAligned(table string) string {
	lines := strings.Split(strings.TrimSuffix(table, "\n"), "\n")
	width := 0
	for _, l := range lines {
		name := strings.TrimLeft(l, " ")
		width = max(width, len([]rune(l))-len([]rune(name)))
	}
	for i, l := range lines {
		name := strings.TrimLeft(l, " ")
		pad := len([]rune(l)) - len([]rune(name))
		end := strings.Index(name, "  ")
		lines[i] = name[:end] + strings.Repeat(" ", pad) + name[end:]
	}
	return strings.Join(lines, "\n") + "\n"
}

func milliseconds(w Work) string {
	if w.Time == 0 && w.Ops == 0 {
		return "-"
	}
	return fmt.Sprintf("%.3f", float64(w.Time)/1e6)
}

// number formats a number, "-" for 0 and for what is not finite.
func number(v float64, digits int) string {
	if !(v > 0 && v < 1e300) {
		return "-"
	}
	return fmt.Sprintf("%.*f", digits, v)
}
