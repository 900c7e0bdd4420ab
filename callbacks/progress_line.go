package callbacks

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/nndiy/nndiy/graph"
)

// line returns the line of an epoch that has ended. Its samples per second do not include the time of validation.
func (p *Progress) line(r *graph.Run) string {
	fields := []string{epochOf(r), fmt.Sprintf("%.1fs", p.now().Sub(p.began).Seconds())}
	if s := p.stepped.Sub(p.began).Seconds(); s > 0 {
		fields = append(fields, fmt.Sprintf("%.0f samples/s", float64(r.Samples-max(p.before, 0))/s))
	}
	for _, name := range columns(r.Logs) {
		text := number(r.Logs[name])
		if name == rateName {
			text = fmt.Sprintf("%.3e", r.Logs[name])
		}
		fields = append(fields, name+" "+text)
	}
	return strings.Join(fields, "  ")
}

// epochOf returns the epoch and the number of epochs, padded to the same width in each epoch.
func epochOf(r *graph.Run) string {
	total := strconv.Itoa(r.Config.Epochs)
	return fmt.Sprintf("epoch %*d/%s", len(total), r.Epoch, total)
}

// number returns v with four digits after the point, or in scientific form if v is very small or large.
func number(v float64) string {
	if a := math.Abs(v); a != 0 && a < 1e-3 || a >= 1e5 {
		return fmt.Sprintf("%.3e", v)
	}
	return fmt.Sprintf("%.4f", v)
}
