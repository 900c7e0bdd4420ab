package datasets

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Indexed is a data set whose samples can be read in any order, such as graph.Arrays, PictureSet and WindowSet.
type Indexed interface {
	graph.Dataset
	// Rows returns the samples with the given numbers, from 0 to Len-1, in this order and in memory of their own. It is safe for
	// concurrent use.
	Rows(index []int) (graph.Batch, error)
}

// Rows is a data set of chosen samples of another one, such as those of a fold. A number may come more than once. Without a rng the
// samples come in the order of Index.
type Rows struct {
	From  Indexed
	Index []int // numbers of the samples, from 0 to From.Len()-1
}

var (
	_ Indexed           = Rows{}
	_ graph.StepCounter = Rows{}
	_ tasked            = Rows{}
	_ Indexed           = graph.Arrays{}
)

// checkIndex returns an error for a number that is not that of one of n samples.
func checkIndex(index []int, n int) error {
	if len(index) == 0 {
		return errors.New("Index: got no numbers, want at least one")
	}
	for k, i := range index {
		if i < 0 || i >= n {
			return fmt.Errorf("Index: got %d as number %d, want 0 to %d", i, k, n-1)
		}
	}
	return nil
}

// filledFrom lets a data set find out the number of its samples: a Cache of a stream knows it once it has read the stream.
func filledFrom(d Indexed) error {
	if c, ok := d.(*Cache); ok {
		_, err := c.filled()
		return err
	}
	return nil
}

func (r Rows) check() error {
	if err := checkFrom("Rows", r.From); err != nil {
		return err
	}
	if err := filledFrom(r.From); err != nil {
		return err
	}
	return placed("Rows", checkIndex(r.Index, r.From.Len()))
}

// Len implements graph.Dataset. Without Index it is 1, so that Fit calls Batches, which returns the error.
func (r Rows) Len() int { return max(len(r.Index), 1) }

// Steps implements graph.StepCounter.
func (r Rows) Steps(size int) int { return stepsFor(r.Len(), size) }

// Rows implements Indexed: index has positions in r.Index.
func (r Rows) Rows(index []int) (graph.Batch, error) {
	if err := r.check(); err != nil {
		return graph.Batch{}, err
	}
	if err := checkIndex(index, len(r.Index)); err != nil {
		return graph.Batch{}, placed("Rows", err)
	}
	numbers := make([]int, len(index))
	for k, i := range index {
		numbers[k] = r.Index[i]
	}
	return r.From.Rows(numbers)
}

// Batches implements graph.Dataset.
func (r Rows) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return batchesOf(r.tasks(size, rng))
}

func (r Rows) tasks(size int, rng *rand.Rand) iter.Seq2[task, error] {
	if err := r.check(); err != nil {
		return failed(err)
	}
	return rowTasks(r.From, slices.Clone(r.Index), size, rng)
}

// rowTasks returns tasks that read the samples with the given numbers, which rng shuffles.
func rowTasks(from Indexed, order []int, size int, rng *rand.Rand) iter.Seq2[task, error] {
	return func(yield func(task, error) bool) {
		order := slices.Clone(order)
		if rng != nil {
			rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		}
		for part := range slices.Chunk(order, stepSize(len(order), size)) {
			if !yield(func() (graph.Batch, error) { return from.Rows(part) }, nil) {
				return
			}
		}
	}
}

// allRows returns the numbers of n samples.
func allRows(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

// stepSize returns the size of a batch of n samples where size 0 means all.
func stepSize(n, size int) int {
	if size <= 0 || size > n {
		return max(n, 1)
	}
	return size
}

// stepsFor returns the number of batches of n samples, 0 if n is negative, which means that it is not known.
func stepsFor(n, size int) int {
	if n < 0 {
		return 0
	}
	size = stepSize(n, size)
	return (n + size - 1) / size
}

// Weighted is a data set that draws samples of another one at random, with replacement: each draw takes sample i with a probability
// proportional to Weight[i]. So rare classes come as often as frequent ones, see Balanced. Each pass draws anew from its rng; a pass
// without one draws from Seed.
type Weighted struct {
	From   Indexed
	Weight []float64 // one for each sample, 0 or more, not all 0
	N      int       // samples in a pass, at most 1e9; 0 means as many as From has
	Seed   uint64    // of a pass without a rng
}

var (
	_ graph.StepCounter = Weighted{}
	_ tasked            = Weighted{}
)

// Len implements graph.Dataset.
func (w Weighted) Len() int {
	if w.N > 0 || isNil(w.From) {
		return max(w.N, 1)
	}
	return w.From.Len()
}

// Steps implements graph.StepCounter.
func (w Weighted) Steps(size int) int { return stepsFor(w.Len(), size) }

// Batches implements graph.Dataset.
func (w Weighted) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return batchesOf(w.tasks(size, rng))
}

func (w Weighted) tasks(size int, rng *rand.Rand) iter.Seq2[task, error] {
	if err := checkFrom("Weighted", w.From); err != nil {
		return failed(err)
	}
	if err := filledFrom(w.From); err != nil {
		return failed(err)
	}
	sums, err := w.sums()
	if err != nil {
		return failed(placed("Weighted", err))
	}
	return func(yield func(task, error) bool) {
		draw := rng
		if draw == nil {
			draw = rand.New(rand.NewPCG(w.Seed, 0))
		}
		order := make([]int, w.Len())
		for k := range order {
			u := draw.Float64() * sums[len(sums)-1]
			i, found := slices.BinarySearchFunc(sums, u, cmp.Compare[float64])
			if found { // sums[i] is where the next sample with a weight begins
				for i++; sums[i] == u; i++ {
				}
			}
			order[k] = i
		}
		rowTasks(w.From, order, size, nil)(yield)
	}
}

// sums returns the running sums of the weights.
func (w Weighted) sums() ([]float64, error) {
	if n := w.From.Len(); len(w.Weight) != n || n == 0 {
		return nil, fmt.Errorf("Weight: got %d numbers, want %d, one for each sample", len(w.Weight), n)
	}
	sums, sum := make([]float64, len(w.Weight)), 0.0
	for i, v := range w.Weight {
		if err := settings.Check(settings.AtLeast("Weight "+strconv.Itoa(i), v, 0)); err != nil {
			return nil, err
		}
		sum += v
		sums[i] = sum
	}
	if !(sum > 0) || math.IsInf(sum, 0) {
		return nil, fmt.Errorf("Weight: got the sum %v, want a finite number greater than 0", sum)
	}
	if w.N > 1e9 {
		return nil, fmt.Errorf("N: got %d, want at most 1000000000", w.N)
	}
	return sums, settings.Check(settings.Count("N", w.N, 0))
}

// Balanced returns a weight for each row of class numbers y, of shape (n) or (n,1), for Weighted: 1 over the number of rows of its
// class, so that all classes are drawn equally often. A class that is not an integer is an error.
func Balanced(y *graph.Tensor) ([]float64, error) {
	classes, err := tensors.Float64s(y)
	if err == nil && (y.Dims() == 0 || rowWidth(y) != 1) {
		err = fmt.Errorf("y: got shape %v, want (n) or (n,1)", []int(y.Shape()))
	}
	if err == nil {
		if err = notEmpty(y); err != nil {
			err = fmt.Errorf("y: %w", err)
		}
	}
	if err != nil {
		return nil, placed("Balanced", err)
	}
	count := map[float64]float64{}
	for i, c := range classes {
		if c != math.Trunc(c) || math.IsInf(c, 0) {
			return nil, placed("Balanced", fmt.Errorf("row %d of y: got %v, want a class number, an integer", i, c))
		}
		count[c]++
	}
	for i, c := range classes {
		classes[i] = 1 / count[c]
	}
	return classes, nil
}
