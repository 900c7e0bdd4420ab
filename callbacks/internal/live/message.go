package live

import (
	"encoding/json"
	"math"
	"strconv"
)

// A message is a JSON object under construction.
type message []byte

// newMessage begins the object of a kind of message about a run.
func newMessage(kind string, run int) message {
	return message(`{"t":"` + kind + `","run":`).int(run)
}

func (m message) int(v int) message { return strconv.AppendInt(m, int64(v), 10) }

// float appends a number with the given digits, -1 for all.
func (m message) float(v float64, digits int) message {
	switch {
	case math.IsNaN(v):
		return append(m, `"NaN"`...)
	case math.IsInf(v, 1):
		return append(m, `"Infinity"`...)
	case math.IsInf(v, -1):
		return append(m, `"-Infinity"`...)
	}
	return strconv.AppendFloat(m, v, 'g', digits, 64)
}

// text appends a string.
func (m message) text(s string) message {
	b, _ := json.Marshal(s) // a string is never an error
	return append(m, b...)
}

// key begins a field.
func (m message) key(name string) message { return append(append(m, ',').text(name), ':') }

func (m message) raw(s string) message { return append(m, s...) }

func (m message) end() []byte { return append(m, '}') }
