// Package eventtest reads TensorBoard's event files for tests. It has no code in common with the writer: it computes the
// checksum bit by bit, and takes the field numbers from tensorflow/core/util/event.proto and framework/summary.proto.
package eventtest

import (
	"encoding/binary"
	"fmt"
	"math"
)

// An Event is a record of a file.
type Event struct {
	WallTime float64
	Step     int64
	Version  string
	Values   []Value
}

// A Value is a value of an event. Only one of Scalar, Image and Histogram is set.
type Value struct {
	Tag       string
	Scalar    *float32
	Image     *Image
	Histogram *Histogram
}

// An Image is an encoded image.
type Image struct {
	Height, Width, ColorSpace int
	File                      []byte
}

// A Histogram counts numbers in buckets; Counts[i] belongs to the bucket that ends at Limits[i].
type Histogram struct {
	Min, Max, Num, Sum, SumSquares float64
	Limits, Counts                 []float64
}

// Read returns the events of a file.
func Read(file []byte) (events []Event, err error) {
	for at := 0; at < len(file); {
		rest := file[at:]
		if len(rest) < 12 {
			return nil, fmt.Errorf("byte %d: got %d bytes, want 12 of a length and its checksum", at, len(rest))
		}
		n := binary.LittleEndian.Uint64(rest)
		if err := check(rest[:8], rest[8:]); err != nil {
			return nil, fmt.Errorf("byte %d: length: %w", at, err)
		}
		if uint64(len(rest)) < n+16 {
			return nil, fmt.Errorf("byte %d: got %d bytes, want %d: data and its checksum", at, len(rest), n+16)
		}
		if err := check(rest[12:12+n], rest[12+n:]); err != nil {
			return nil, fmt.Errorf("byte %d: data: %w", at, err)
		}
		e, err := event(rest[12 : 12+n])
		if err != nil {
			return nil, fmt.Errorf("byte %d: %w", at, err)
		}
		events = append(events, e)
		at += int(n) + 16
	}
	return events, nil
}

// check compares the checksum of data with the four bytes of sum.
func check(data, sum []byte) error {
	c := ^uint32(0)
	for _, b := range data {
		c ^= uint32(b)
		for range 8 {
			if c&1 != 0 {
				c = c>>1 ^ 0x82f63b78
			} else {
				c >>= 1
			}
		}
	}
	c = ^c
	c = c>>15 + c<<17 + 0xa282ead8
	if got := uint32(sum[0]) | uint32(sum[1])<<8 | uint32(sum[2])<<16 | uint32(sum[3])<<24; got != c {
		return fmt.Errorf("got checksum %08x, want %08x", got, c)
	}
	return nil
}

func event(data []byte) (e Event, err error) {
	err = fields(data, func(f field) error {
		switch f.number {
		case 1:
			e.WallTime = math.Float64frombits(f.value)
		case 2:
			e.Step = int64(f.value)
		case 3:
			e.Version = string(f.data)
		case 5:
			return fields(f.data, func(f field) error {
				if f.number != 1 {
					return fmt.Errorf("summary: got field %d, want 1", f.number)
				}
				v, err := value(f.data)
				e.Values = append(e.Values, v)
				return err
			})
		default:
			return fmt.Errorf("event: got field %d, want 1, 2, 3 or 5", f.number)
		}
		return nil
	})
	return e, err
}

func value(data []byte) (v Value, err error) {
	err = fields(data, func(f field) error {
		switch f.number {
		case 1:
			v.Tag = string(f.data)
		case 2:
			s := math.Float32frombits(uint32(f.value))
			v.Scalar = &s
		case 4:
			v.Image = &Image{}
			return v.Image.read(f.data)
		case 5:
			v.Histogram = &Histogram{}
			return v.Histogram.read(f.data)
		default:
			return fmt.Errorf("value: got field %d, want 1, 2, 4 or 5", f.number)
		}
		return nil
	})
	return v, err
}

func (i *Image) read(data []byte) error {
	return fields(data, func(f field) error {
		if f.number == 4 {
			i.File = f.data
			return nil
		}
		*[]*int{&i.Height, &i.Width, &i.ColorSpace}[f.number-1] = int(f.value)
		return nil
	})
}

func (h *Histogram) read(data []byte) error {
	return fields(data, func(f field) error {
		if f.number <= 5 {
			*[]*float64{&h.Min, &h.Max, &h.Num, &h.Sum, &h.SumSquares}[f.number-1] = math.Float64frombits(f.value)
			return nil
		}
		list := []*[]float64{&h.Limits, &h.Counts}[f.number-6]
		for d := f.data; len(d) > 0; d = d[8:] {
			*list = append(*list, math.Float64frombits(binary.LittleEndian.Uint64(d)))
		}
		return nil
	})
}
