package onnx

import (
	"math"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// attribute returns an attribute of the given kind, nil if there is none.
func (c *call) attribute(name string, k proto.AttributeKind) *proto.Attribute {
	for i := range c.node.Attributes {
		if a := &c.node.Attributes[i]; a.Name == name {
			if a.Kind != k {
				c.fail("attribute %s: got kind %d, want %d", name, a.Kind, k)
				return nil
			}
			return a
		}
	}
	return nil
}

// int returns an integer attribute.
func (c *call) int(name string, otherwise int) int {
	if a := c.attribute(name, proto.Int); a != nil {
		return c.size(a.Int)
	}
	return otherwise
}

// ints returns an attribute's list of integers, nil if there is none.
func (c *call) ints(name string) []int {
	a := c.attribute(name, proto.Ints)
	if a == nil {
		return nil
	}
	list := make([]int, len(a.Ints))
	for i, v := range a.Ints {
		list[i] = c.size(v)
	}
	return list
}

// float returns a float32 attribute as the shortest decimal number that rounds to it: 0.1 in float64 too.
func (c *call) float(name string, otherwise float64) float64 {
	a := c.attribute(name, proto.Float)
	if a == nil {
		return otherwise
	}
	return c.decimal(name, a.Float)
}

// decimal is proto.Decimal of a finite number.
func (c *call) decimal(name string, f float32) float64 {
	v := proto.Decimal(f)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		c.fail("attribute %s: got %v, want a finite number", name, f)
	}
	return v
}

// floats returns an attribute's list of numbers, nil if there is none.
func (c *call) floats(name string) (list []float64) {
	a := c.attribute(name, proto.Floats)
	if a == nil {
		return nil
	}
	for _, v := range a.Floats[:min(len(a.Floats), 8)] {
		list = append(list, c.decimal(name, v))
	}
	return list
}

// string returns a string attribute.
func (c *call) string(name, otherwise string) string {
	if a := c.attribute(name, proto.String); a != nil {
		return a.String
	}
	return otherwise
}

// strings returns an attribute's list of strings, nil if there is none.
func (c *call) strings(name string) []string {
	if a := c.attribute(name, proto.Strings); a != nil {
		return a.Strings[:min(len(a.Strings), 8)]
	}
	return nil
}
