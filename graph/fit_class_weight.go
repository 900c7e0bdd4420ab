package graph

import (
	"errors"
	"fmt"
	"math"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/tensors"
)

// A classWeight computes the weights of a batch's samples from the weights of their classes.
type classWeight struct {
	factors []float64
	dtype   tensor.Dtype
	buffer  *Tensor
}

func newClassWeight(factors []float64, dt tensor.Dtype) (*classWeight, error) {
	if len(factors) == 0 {
		return nil, nil
	}
	for class, f := range factors {
		if !(f >= 0 && f <= math.MaxFloat32) {
			return nil, fmt.Errorf("ClassWeight: class %d: got %v, want a number of 0 or more", class, f)
		}
	}
	return &classWeight{factors: factors, dtype: dt}, nil
}

// apply multiplies the weights of the samples by the weights of their classes.
func (c *classWeight) apply(b Batch) (Batch, error) {
	if c == nil {
		return b, nil
	}
	if b.Y == nil || b.Y.Dims() == 0 {
		return b, errors.New("target: got none, want the classes that ClassWeight is for")
	}
	rows := b.Y.Shape()[0]
	y, err := tensors.Float64s(b.Y)
	if err != nil {
		return b, fmt.Errorf("target: %w", err)
	}
	weights := make([]float64, rows)
	for i := range weights {
		if weights[i], err = c.of(y[i*len(y)/rows : (i+1)*len(y)/rows]); err != nil {
			return b, fmt.Errorf("target: sample %d: %w", i, err)
		}
	}
	if b.Weight != nil {
		if err := checkWeight(b.Weight, rows, nil); err != nil {
			return b, err
		}
		given, _ := tensors.Float64s(b.Weight) // checkWeight has made sure that it holds numbers
		for i, w := range given {
			weights[i] *= w
		}
	}
	if c.buffer == nil || c.buffer.Shape()[0] != rows {
		c.buffer = tensors.New(c.dtype, []int{rows})
	}
	tensors.Set(c.buffer, weights)
	b.Weight = c.buffer
	return b, nil
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
			sum += fraction * c.factors[class]
		}
		return sum, nil
	}
	return 0, fmt.Errorf("got %d numbers, want a class number, or %d fractions, one for each class of ClassWeight",
		len(target), len(c.factors))
}
