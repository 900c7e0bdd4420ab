package graph

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/nndiy/nndiy/internal/tensors"
)

// String returns a table of the layers: their names, the shapes of their outputs, with n for the batch size and any for dimensions
// that vary (see Any), and their numbers of parameters. The last line has the totals.
func (m *Model) String() string {
	if m.made() != nil {
		return errUnmade.Error()
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "layer\toutput\tparameters")
	for _, in := range m.ins {
		fmt.Fprintf(w, "%s\t%s\t\n", in.name, batchShape(in.shape))
	}
	seen := map[string]bool{}
	listed := 0
	for _, l := range m.layers {
		n := 0
		for _, name := range l.params {
			if !seen[name] {
				n += tensors.Size(m.store.byName[name].shape)
			}
			seen[name] = true
		}
		if l.leaf || n > 0 {
			fmt.Fprintf(w, "%s\t%s\t%s\n", l.path, batchShape(l.out[1:]), thousands(n))
			listed += n
		}
	}
	var all, trained int
	_ = m.store.read(func() error {
		all, trained = m.store.elements()
		return nil
	})
	if m.path == "" && listed < all {
		name := "(outside layers)"
		if _, function := m.net.(LayerFunc); len(m.layers) == 0 && !function {
			name = kindOf(m.net) // the name that errors use
		}
		if n, ok := m.net.(Named); ok {
			name = n.LayerName()
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", name, batchShape(m.outs[0].shape), thousands(all-listed))
	}
	if m.path != "" {
		all, trained = listed, listed
	}
	w.Flush()
	lines := strings.Split(b.String(), "\n")
	b.Reset()
	for _, l := range lines[:len(lines)-1] {
		b.WriteString(strings.TrimRight(l, " ") + "\n")
	}
	fmt.Fprintf(&b, "total: %s parameters", thousands(all))
	if trained < all {
		fmt.Fprintf(&b, ", %s trained", thousands(trained))
	}
	b.WriteString("\n")
	return b.String()
}

// batchShape formats the shape of a sample with n for the batch size in front.
func batchShape(s []int) string {
	parts := []string{"n"}
	for _, d := range s {
		if d == Any {
			parts = append(parts, "any")
			continue
		}
		parts = append(parts, fmt.Sprint(d))
	}
	return "[" + strings.Join(parts, " ") + "]"
}

// thousands formats a number with commas.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
