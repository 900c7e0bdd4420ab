package datasets

import (
	"errors"
	"fmt"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Ragged is a list of sequences of different lengths. Each is a tensor (time, ...) of at least one step; the dimensions after the
// first are the same for all.
type Ragged []*graph.Tensor

// Sequences returns sequences with one number for each step, such as the words of texts or the classes of the steps.
func Sequences[T int | float32 | float64](list [][]T) Ragged {
	r := make(Ragged, len(list))
	for i, s := range list {
		if len(s) > 0 { // else Pad and Buckets return an error
			r[i] = tensor.New(tensor.WithShape(len(s)), tensor.WithBacking(slices.Clone(s)))
		}
	}
	return r
}

// Pad returns the sequences as one tensor, (sequences, time, ...), with value in the steps behind the end of each, and their lengths,
// (sequences). time is the number of steps, at least that of the longest sequence; 0 means that. The elements are float32 if those of
// all sequences are, else float64. A layers.Lengths gets the lengths as an additional input; layers.Masking{Value: value}, or
// layers.Embedding{MaskZero: true} with the value 0, know the padding without them.
func Pad(list Ragged, value float64, time int) (padded, lengths *graph.Tensor, err error) {
	if padded, lengths, err = list.pad(value, time, 1); err != nil {
		return nil, nil, fmt.Errorf("datasets: Pad: %w", err)
	}
	return padded, lengths, nil
}

// check returns an error unless the sequences have steps and the same dimensions.
func (r Ragged) check() error {
	if len(r) == 0 {
		return errors.New("got no sequences, want at least one")
	}
	for i, s := range r {
		switch {
		case s == nil || s.Dims() == 0 || tensors.Size(s.Shape()) == 0:
			return fmt.Errorf("sequence %d: got no steps, want at least one", i)
		case !slices.Equal(s.Shape()[1:], r[0].Shape()[1:]):
			return fmt.Errorf("sequence %d: got shape %v, want (time, ...) with the last dimensions %v of sequence 0", i, s.Shape(), []int(r[0].Shape()[1:]))
		}
	}
	return nil
}

// pad is Pad with a number of steps that is a multiple of another number.
func (r Ragged) pad(value float64, time, multiple int) (padded, lengths *graph.Tensor, err error) {
	if err := r.check(); err != nil {
		return nil, nil, err
	}
	parts, counts := make(Ragged, len(r)), make([]int, len(r))
	longest, dtype := 0, tensor.Float32
	for i, s := range r {
		if parts[i], err = tensors.Floats(s); err != nil {
			return nil, nil, fmt.Errorf("sequence %d: %w", i, err)
		}
		if parts[i].Dtype() == tensor.Float64 {
			dtype = tensor.Float64
		}
		counts[i] = s.Shape()[0]
		longest = max(longest, counts[i])
	}
	switch {
	case time == 0:
		time = longest
	case time < longest:
		i := slices.Index(counts, longest)
		return nil, nil, fmt.Errorf("sequence %d: got %d steps, want at most %d", i, longest, time)
	}
	time = (time + multiple - 1) / multiple * multiple
	padded = tensors.New(dtype, slices.Concat([]int{len(r), time}, r[0].Shape()[1:]))
	if dtype == tensor.Float32 {
		err = fill(tensors.Data[float32](padded), parts, float32(value))
	} else {
		err = fill(tensors.Data[float64](padded), parts, value)
	}
	return padded, tensor.New(tensor.WithShape(len(r)), tensor.WithBacking(counts)), err
}

// fill copies sequences to the rows of dst, with value behind them.
func fill[T kernels.Float](dst []T, list Ragged, value T) error {
	width := len(dst) / len(list)
	for i, s := range list {
		row := dst[i*width:][:width]
		n := tensors.Size(s.Shape())
		if err := tensors.Read(row[:n], s); err != nil {
			return fmt.Errorf("sequence %d: %w", i, err)
		}
		for k := n; k < width; k++ {
			row[k] = value
		}
	}
	return nil
}
