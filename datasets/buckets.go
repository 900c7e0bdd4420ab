package datasets

import (
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Buckets is a data set of sequences of different lengths. A batch has sequences of similar lengths, and is padded to its own longest,
// so that little of it is padding: the network's Config.Input has graph.Any as the number of steps. In a pass with a rng, as in
// training, the rng draws which sequences of similar lengths are together, and the order of the batches; in a pass without, as in
// validation, the sequences keep their order. Batches returns an error for invalid fields.
type Buckets struct {
	X      Ragged            // the main input
	Y      Ragged            // the target, if it has a step for each step of the output
	Labels *graph.Tensor     // the target, (sequences, ...), if it has one row for each sequence; Y and Labels may both be nil
	Inputs map[string]Ragged // additional inputs that are sequences, each with lengths of its own

	Lengths  string  // name of the additional input that gets the lengths of X, for layers.Lengths; "" for none
	Value    float64 // of the padding of X and Inputs
	YValue   float64 // of the padding of Y
	Multiple int     // the number of steps is rounded up to a multiple of it, so that fewer programs are compiled; 0 means 1

	// OneLength leaves all padding out: all sequences of a batch have one length, and those of Y and of each of Inputs too. There are
	// more and smaller batches then, and a pass without a rng begins with the shortest sequences. Multiple must be 0 or 1.
	OneLength bool
}

var _ graph.StepCounter = Buckets{}

// sorted is the number of batches whose sequences are sorted by length together.
const sorted = 64

// Len implements graph.Dataset. Without X it is 1, so that Fit calls Batches, which returns the error.
func (b Buckets) Len() int { return max(len(b.X), 1) }

// check returns an error that names the first wrong field.
func (b Buckets) check() error {
	parts := map[string]Ragged{"X": b.X}
	if b.Y != nil {
		parts["Y"] = b.Y
	}
	for name, list := range b.Inputs {
		parts["Inputs: "+name] = list
	}
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		if err := parts[name].check(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if n := len(parts[name]); n != len(b.X) {
			return fmt.Errorf("%s: got %d sequences, want %d as in X", name, n, len(b.X))
		}
	}
	if b.Labels != nil && b.Y != nil {
		return fmt.Errorf("Labels: got a tensor beside Y, want one of the two")
	}
	if t := b.Labels; t != nil && (t.Dims() == 0 || t.Shape()[0] != len(b.X)) {
		return fmt.Errorf("Labels: got shape %v, want %d rows as in X", t.Shape(), len(b.X))
	}
	if _, taken := b.Inputs[b.Lengths]; taken && b.Lengths != "" {
		return fmt.Errorf("Lengths: got the name %q, which one of Inputs has, want another", b.Lengths)
	}
	if b.OneLength && b.Multiple > 1 {
		return fmt.Errorf("Multiple: got %d with OneLength, which leaves no padding, want 0", b.Multiple)
	}
	if b.Multiple > 1<<24 {
		return fmt.Errorf("Multiple: got %d, want at most %d", b.Multiple, 1<<24)
	}
	return settings.Check(settings.Count("Multiple", b.Multiple, 0), settings.Finite("Value", b.Value), settings.Finite("YValue", b.YValue))
}

// Steps implements graph.StepCounter.
func (b Buckets) Steps(size int) int {
	if b.check() != nil {
		return 1 // Batches returns the error
	}
	return len(b.batches(size, nil))
}

// Batches implements graph.Dataset.
func (b Buckets) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return func(yield func(graph.Batch, error) bool) {
		if err := b.check(); err != nil {
			yield(graph.Batch{}, fmt.Errorf("datasets: Buckets: %w", err))
			return
		}
		for _, rows := range b.batches(size, rng) {
			batch, err := b.batch(rows)
			if err != nil {
				batch, err = graph.Batch{}, fmt.Errorf("datasets: Buckets: %w", err)
			}
			if !yield(batch, err) || err != nil {
				return
			}
		}
	}
}

// batches returns the numbers of the sequences of each batch.
func (b Buckets) batches(size int, rng *rand.Rand) [][]int {
	order := make([]int, len(b.X))
	for i := range order {
		order[i] = i
	}
	if size <= 0 || size > len(order) {
		size = len(order)
	}
	if rng != nil {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	}
	var list [][]int
	switch {
	case b.OneLength:
		for _, rows := range b.groups(order) {
			list = slices.AppendSeq(list, slices.Chunk(rows, size))
		}
		if rng != nil {
			rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		}
		return list
	case rng == nil:
		return slices.Collect(slices.Chunk(order, size))
	}
	for piece := range slices.Chunk(order, size*sorted) {
		slices.SortStableFunc(piece, func(i, j int) int { return b.X[i].Shape()[0] - b.X[j].Shape()[0] })
		list = slices.AppendSeq(list, slices.Chunk(piece, size))
	}
	// The batch that is smaller, if there is one, comes last, as in other data sets.
	full := list
	if len(list[len(list)-1]) < size {
		full = list[:len(list)-1]
	}
	rng.Shuffle(len(full), func(i, j int) { full[i], full[j] = full[j], full[i] })
	return list
}

// groups divides sequences into groups of one length, the shortest first, and keeps their order within each.
func (b Buckets) groups(order []int) [][]int {
	parts := []Ragged{b.X}
	if b.Y != nil {
		parts = append(parts, b.Y)
	}
	for _, name := range slices.Sorted(maps.Keys(b.Inputs)) {
		parts = append(parts, b.Inputs[name])
	}
	compare := func(i, j int) int {
		for _, p := range parts {
			if c := p[i].Shape()[0] - p[j].Shape()[0]; c != 0 {
				return c
			}
		}
		return 0
	}
	left := slices.Clone(order)
	slices.SortStableFunc(left, compare)
	var list [][]int
	for len(left) > 0 {
		n := 1
		for n < len(left) && compare(left[0], left[n]) == 0 {
			n++
		}
		list, left = append(list, left[:n:n]), left[n:]
	}
	return list
}

// batch returns the sequences with the given numbers.
func (b Buckets) batch(rows []int) (batch graph.Batch, err error) {
	multiple := max(b.Multiple, 1)
	take := func(what string, list Ragged, value float64) (padded, lengths *graph.Tensor) {
		if err != nil || list == nil {
			return nil, nil
		}
		part := make(Ragged, len(rows))
		for i, row := range rows {
			part[i] = list[row]
		}
		if padded, lengths, err = part.pad(value, 0, multiple); err != nil {
			err = fmt.Errorf("%s: %w", what, err)
		}
		return padded, lengths
	}
	var lengths *graph.Tensor
	batch.X, lengths = take("X", b.X, b.Value)
	batch.Y, _ = take("Y", b.Y, b.YValue)
	if b.Lengths != "" {
		batch.Inputs = map[string]*graph.Tensor{b.Lengths: lengths}
	}
	for _, name := range slices.Sorted(maps.Keys(b.Inputs)) {
		if batch.Inputs == nil {
			batch.Inputs = map[string]*graph.Tensor{}
		}
		batch.Inputs[name], _ = take("Inputs: "+name, b.Inputs[name], b.Value)
	}
	if b.Labels != nil && err == nil {
		var g tensors.RowGatherer
		if err = g.Begin(b.Labels, len(rows)); err == nil {
			batch.Y = g.Take(rows)
		}
	}
	return batch, err
}
