package tfevents

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
)

// A Value is a named value of a step: a Summary.Value.
type Value struct{ encoded message }

// newValue returns a value with a tag, and with content as the given field.
func newValue(tag string, field int, content message) Value {
	var m message
	m.bytes(1, []byte(tag))
	m.bytes(field, content)
	return Value{m}
}

// Scalar returns a value with a number, which is stored as float32.
func Scalar(tag string, v float64) Value {
	var m message
	m.bytes(1, []byte(tag))
	m.float(2, float32(v)) // simple_value
	return Value{m}
}

// Image returns a value with an image, encoded as PNG.
func Image(tag string, img image.Image) (Value, error) {
	var file bytes.Buffer
	if err := png.Encode(&file, img); err != nil {
		return Value{}, fmt.Errorf("image %q: %w", tag, err)
	}
	var m message
	m.integer(1, int64(img.Bounds().Dy()))
	m.integer(2, int64(img.Bounds().Dx()))
	m.integer(3, 4) // colorspace: RGBA
	m.bytes(4, file.Bytes())
	return newValue(tag, 4, m), nil
}
