package datasets

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A Cycle is a part of the calendar that comes again and again.
type Cycle int

const (
	HourOfDay  Cycle = iota // with its minutes and seconds
	DayOfWeek               // with its hours
	DayOfMonth              // of the month's own length
	DayOfYear               // of the year's own length
)

// at returns how much of the cycle has passed, from 0 to 1, in the time's own location.
func (c Cycle) at(t time.Time) float64 {
	day := (float64(t.Hour()) + float64(t.Minute())/60 + float64(t.Second())/3600) / 24
	switch c {
	case HourOfDay:
		return day
	case DayOfWeek:
		return (float64(t.Weekday()) + day) / 7
	case DayOfMonth:
		return (float64(t.Day()-1) + day) / float64(time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day())
	}
	return (float64(t.YearDay()-1) + day) / float64(time.Date(t.Year(), 12, 31, 0, 0, 0, 0, time.UTC).YearDay())
}

// Calendar returns two columns for each cycle, the sine and the cosine of 2π times the part of it that has passed, so that its end is
// next to its beginning: float32, of shape (len(times), 2·len(cycles)). A time counts in its own location. No times, no cycles and
// unknown cycles are errors.
func Calendar(times []time.Time, cycles ...Cycle) (*graph.Tensor, error) {
	if len(times) == 0 || len(cycles) == 0 {
		return nil, placed("Calendar", fmt.Errorf("got %d times and %d cycles, want at least one of each", len(times), len(cycles)))
	}
	x := make([]float32, 0, 2*len(times)*len(cycles))
	for _, t := range times {
		for i, c := range cycles {
			if c < HourOfDay || c > DayOfYear {
				return nil, placed("Calendar", fmt.Errorf("cycle %d: got %d, want HourOfDay, DayOfWeek, DayOfMonth or DayOfYear", i, int(c)))
			}
			sin, cos := math.Sincos(2 * math.Pi * c.at(t))
			x = append(x, float32(sin), float32(cos))
		}
	}
	return dense(x, len(times), 2*len(cycles)), nil
}

// Join returns the columns of several tables of numbers side by side, as float32: tensors (n) or (n,k) become one (n, all columns).
func Join(tables ...*graph.Tensor) (*graph.Tensor, error) {
	if len(tables) == 0 {
		return nil, placed("Join", errors.New("got no tables, want at least one"))
	}
	values, widths, all := make([][]float32, len(tables)), make([]int, len(tables)), 0
	for i, t := range tables {
		err := errors.New("got no tensor, want one")
		if t != nil {
			values[i] = make([]float32, tensors.Size(t.Shape()))
			err = tensors.Read(values[i], t)
		}
		if err == nil && (t.Dims() != 1 && t.Dims() != 2 || t.Shape()[0] != tables[0].Shape()[0]) {
			err = fmt.Errorf("got shape %v, want (n) or (n,k) with n as in the first", []int(t.Shape()))
		}
		if err != nil {
			return nil, placed("Join", fmt.Errorf("table %d: %w", i, err))
		}
		widths[i] = rowWidth(t)
		all += widths[i]
	}
	n := tables[0].Shape()[0]
	x := make([]float32, 0, n*all)
	for row := range n {
		for i, w := range widths {
			x = append(x, values[i][row*w:][:w]...)
		}
	}
	return dense(x, n, all), nil
}
