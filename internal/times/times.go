// Package times reads dates and times as text, the same for tables and for the raw rows that a model answers.
package times

import "time"

// layouts are the dates and times that Parse reads.
var layouts = []string{time.RFC3339Nano, time.DateOnly, time.DateTime, "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", "2006/01/02",
	"2006/01/02 15:04:05", "02.01.2006", "02.01.2006 15:04:05", "02.01.2006 15:04"}

// Want says in errors what Parse reads.
const Want = "a date or time, such as 2006-01-02 or 2006-01-02T15:04:05Z"

// Parse returns the date or time in a text; without a time zone it is UTC. It begins with the layout that *last names, and sets it to
// that of the text.
func Parse(text string, last *int) (t time.Time, ok bool) {
	if len(text) < 8 || len(text) > 40 {
		return t, false
	}
	if t, err := time.Parse(layouts[*last], text); err == nil {
		return t, true
	}
	for i, l := range layouts {
		if t, err := time.Parse(l, text); err == nil {
			*last = i
			return t, true
		}
	}
	return t, false
}
