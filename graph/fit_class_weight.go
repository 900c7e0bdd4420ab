package graph

import (
	"errors"
	"fmt"
	"math"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A classWeight computes the weights of a batch's samples, or of the steps of its sequences, from the weights of their classes.
type classWeight struct {
	factors []float64
	dtype   tensor.Dtype
	steps   bool // the output is (batch, time, classes)
	masked  bool // a target may be padding, and no class
	buffer  *Tensor
}

func newClassWeight(factors []float64, o outPort, dt tensor.Dtype) (*classWeight, error) {
	if len(factors) == 0 {
		return nil, nil
	}
	for class, f := range factors {
		if !(f >= 0 && f <= math.MaxFloat32) {
			return nil, fmt.Errorf("ClassWeight: class %d: got %v, want a number of 0 or more", class, f)
		}
	}
	return &classWeight{factors: factors, dtype: dt, steps: len(o.shape) == 2, masked: o.masked}, nil
}

// apply multiplies the weights of the samples or steps by the weights of their classes.
func (c *classWeight) apply(b Batch) (Batch, error) {
	if c == nil || b.X == nil { // a rank's part without rows; without an input the step is an error
		return b, nil
	}
	if b.Y == nil || b.Y.Dims() == 0 {
		return b, errors.New("target: got none, want the classes that ClassWeight is for")
	}
	shape := []int{b.Y.Shape()[0]}
	if c.steps && b.Y.Dims() > 1 {
		shape = []int{shape[0], b.Y.Shape()[1]}
	}
	if each := b.Y.Shape()[len(shape):]; len(unit(each)) > 1 {
		return b, fmt.Errorf("target: got shape %v for each sample, want a class number, or %d fractions along one axis, one for each class of ClassWeight",
			[]int(each), len(c.factors))
	}
	y, err := tensors.Float64s(b.Y)
	if err != nil {
		return b, fmt.Errorf("target: %w", err)
	}
	weights := make([]float64, tensors.Size(shape))
	width := len(y) / len(weights)
	for i := range weights {
		weights[i], err = c.of(y[i*width : (i+1)*width])
		switch {
		case err != nil && c.masked && (width == 1 || width == len(c.factors)):
			weights[i] = 1 // see check
		case err != nil:
			return b, fmt.Errorf("target: %s: %w", placeOf(i, shape), err)
		}
	}
	if b.Weight != nil {
		if err := checkWeight(b.Weight, shape[0], nil); err != nil {
			return b, err
		}
		given, _ := tensors.Float64s(b.Weight) // checkWeight has made sure that it holds numbers
		if len(given) != shape[0] && len(given) != len(weights) {
			return b, fmt.Errorf("weight: got shape %v, want %v, as the target has classes", []int(b.Weight.Shape()), shape)
		}
		for i := range weights {
			weights[i] *= given[i*len(given)/len(weights)]
		}
	}
	if c.buffer == nil || !tensors.SameShape(c.buffer, shape) {
		c.buffer = tensors.New(c.dtype, shape)
	}
	tensors.Set(c.buffer, weights)
	b.Weight = c.buffer
	return b, nil
}

// placeOf names element i of an array of samples, or of steps of samples.
func placeOf(i int, shape []int) string {
	if len(shape) < 2 {
		return fmt.Sprintf("sample %d", i)
	}
	return fmt.Sprintf("sample %d, step %d", i/shape[1], i%shape[1])
}

// check returns an error for a target that counts and has no weight. Before p has computed which targets count, apply accepts any
// numbers, as they may be padding.
func (c *classWeight) check(p *program.Program, b Batch) error {
	if c == nil || !c.masked || b.Y == nil {
		return nil
	}
	mask := p.Valid(0) // of the main output
	if mask == nil {
		return nil
	}
	y, err := tensors.Float64s(b.Y)
	if err != nil {
		return fmt.Errorf("target: %w", err)
	}
	valid := isValid(mask)
	width := len(y) / len(valid)
	for i, counts := range valid {
		if !counts {
			continue
		}
		if _, err := c.of(y[i*width : (i+1)*width]); err != nil {
			return fmt.Errorf("target: %s: %w", placeOf(i, mask.Shape()), err)
		}
	}
	return nil
}

// of returns the weight of one target: a class number, or a fraction for each class.
func (c *classWeight) of(target []float64) (float64, error) {
	switch len(target) {
	case 1:
		class := int(target[0])
		if target[0] != float64(class) || class < 0 || class >= len(c.factors) {
			return 0, fmt.Errorf("got class %v, want an integer from 0 to %d, as ClassWeight has", target[0], len(c.factors)-1)
		}
		return c.factors[class], nil
	case len(c.factors):
		sum := 0.0
		for class, fraction := range target {
			if sum += fraction * c.factors[class]; !(math.Abs(sum) <= math.MaxFloat32) {
				return 0, fmt.Errorf("got %v for class %d, want a fraction", fraction, class)
			}
		}
		return sum, nil
	}
	return 0, fmt.Errorf("got %d numbers, want a class number, or %d fractions, one for each class of ClassWeight",
		len(target), len(c.factors))
}
