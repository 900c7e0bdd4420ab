package layers

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"time"
)

// Dates is an Encoder of dates and times, in UTC. A time becomes the years since 2000, and for each cycle the sine and the cosine of its
// place in it, so that the end of a cycle is near its beginning: the year, the month, the week, which begins on Monday, and the day. A
// missing time becomes Missing in all of its numbers, which an Impute behind it replaces.
type Dates struct {
	Identity
	Parts []string // of trend, year, month, week and day; empty means that Learn sets those in which the training rows differ
}

var _ Encoder = Dates{}

// dateParts are the parts of a time, and the place of a time in their cycle, from 0 to 1.
var dateParts = []struct {
	name  string
	place func(t time.Time) float64
}{
	{"trend", years},
	{"year", func(t time.Time) float64 { return years(t) - math.Floor(years(t)) }},
	{"month", func(t time.Time) float64 {
		days := time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
		return (float64(t.Day()-1) + dayPart(t)) / float64(days)
	}},
	{"week", func(t time.Time) float64 { return (float64((t.Weekday()+6)%7) + dayPart(t)) / 7 }},
	{"day", dayPart},
}

// dayPart returns the part of the day that has passed.
func dayPart(t time.Time) float64 {
	return float64(t.Hour()*3600+t.Minute()*60+t.Second())/86400 + float64(t.Nanosecond())/86400e9
}

// years returns the years since 2000.
func years(t time.Time) float64 {
	days := float64(time.Date(t.Year(), 12, 31, 0, 0, 0, 0, time.UTC).YearDay())
	return float64(t.Year()-2000) + (float64(t.YearDay()-1)+dayPart(t))/days
}

// Validate implements graph.Validator.
func (d Dates) Validate() error {
	var names []string
	for _, p := range dateParts {
		names = append(names, p.name)
	}
	for i, p := range d.Parts {
		if !slices.Contains(names, p) || slices.Contains(d.Parts[:i], p) {
			return fmt.Errorf("Parts: got %.64q, want each of %q at most once", p, names)
		}
	}
	return nil
}

// Width implements Encoder: one number for the trend, and two for each cycle.
func (d Dates) Width() int {
	n := 2 * len(d.Parts)
	if slices.Contains(d.Parts, "trend") {
		n--
	}
	return n
}

// Learn implements Encoder.
func (d Dates) Learn(values iter.Seq2[any, error]) (Encoder, error) {
	if err := d.Validate(); err != nil || len(d.Parts) > 0 {
		return d, err
	}
	first, differ := make([]float64, len(dateParts)), make([]bool, len(dateParts))
	seen := false
	for value, err := range values {
		if err != nil {
			return nil, err
		}
		t, ok, err := momentOf(value)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		for i, p := range dateParts {
			v := p.place(t)
			if !seen {
				first[i] = v
			}
			differ[i] = differ[i] || v != first[i]
		}
		seen = true
	}
	for i, p := range dateParts {
		if differ[i] {
			d.Parts = append(d.Parts, p.name)
		}
	}
	if len(d.Parts) == 0 {
		d.Parts = []string{"trend"}
	}
	return d, nil
}

// Encoding implements Encoder.
func (d Dates) Encoding() func(to []float64, value any) error {
	return func(to []float64, value any) error {
		t, ok, err := momentOf(value)
		if !ok || err != nil {
			for i := range to {
				to[i] = Missing
			}
			return err
		}
		at := 0
		for _, p := range dateParts {
			switch {
			case !slices.Contains(d.Parts, p.name):
			case p.name == "trend":
				to[at] = p.place(t)
				at++
			default:
				to[at], to[at+1] = math.Sincos(2 * math.Pi * p.place(t))
				at += 2
			}
		}
		return nil
	}
}
