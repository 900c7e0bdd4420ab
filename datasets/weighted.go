package datasets

import (
	"cmp"
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
