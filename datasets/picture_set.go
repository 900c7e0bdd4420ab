package datasets

import (
	"fmt"
	"image"
	"iter"
	"math/rand/v2"
	"os"
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// decodeFile decodes a file. Errors name it.
func (p Picture) decodeFile(path string) (image.Image, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, err // which names it
	}
	defer in.Close()
	m, err := p.read(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// Len implements graph.Dataset.
func (s *PictureSet) Len() int { return len(s.Files) }

// Steps implements graph.StepCounter.
func (s *PictureSet) Steps(size int) int { return stepsFor(s.Len(), size) }

// Batches implements graph.Dataset.
func (s *PictureSet) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return batchesOf(s.tasks(size, rng))
}

func (s *PictureSet) tasks(size int, rng *rand.Rand) iter.Seq2[task, error] {
	return rowTasks(s, allRows(s.Len()), size, rng)
}

// Rows implements Indexed.
func (s *PictureSet) Rows(index []int) (b graph.Batch, err error) {
	if err = s.check(); err == nil {
		err = checkIndex(index, s.Len())
	}
	if err == nil {
		err = s.checkLabels()
	}
	if err != nil {
		return b, placed("PictureSet", err)
	}
	each := s.channels() * s.Height * s.Width
	x := make([]float32, len(index)*each)
	for k, i := range index {
		m, err := s.decodeFile(s.Files[i])
		if err == nil {
			err = s.fill(x[k*each:][:each], m)
		}
		if err != nil {
			return b, placed("PictureSet", err)
		}
	}
	b.X = dense(x, append([]int{len(index)}, s.Input()...)...)
	if s.Labels != nil {
		y := make([]float32, len(index))
		for k, i := range index {
			y[k] = float32(s.Labels[i])
		}
		b.Y = dense(y, len(y))
	}
	return b, nil
}

// checkLabels returns an error unless there is a class number for each file, or none at all.
func (s *PictureSet) checkLabels() error {
	if s.Labels != nil && len(s.Labels) != s.Len() {
		return fmt.Errorf("Labels: got %d, want %d, one for each of Files", len(s.Labels), s.Len())
	}
	for i, class := range s.Labels {
		if class < 0 {
			return fmt.Errorf("Labels: got class %d for %s, want 0 or more", class, s.Files[i])
		}
	}
	return nil
}

// Split returns n pictures drawn at random from the seed, and the rest, both in random order. An n below 1 or not less than Len is an
// error.
func (s *PictureSet) Split(n int, seed uint64) (first, rest *PictureSet, err error) {
	if err := s.checkLabels(); err != nil {
		return nil, nil, placed("PictureSet: Split", err)
	}
	if n < 1 || n >= s.Len() {
		return nil, nil, placed("PictureSet: Split", fmt.Errorf("n: got %d, want at least 1 and fewer than all %d pictures", n, s.Len()))
	}
	order := rand.New(rand.NewPCG(seed, 0)).Perm(s.Len())
	return s.pick(order[:n]), s.pick(order[n:]), nil
}

// pick returns the set of the pictures with the given numbers.
func (s *PictureSet) pick(index []int) *PictureSet {
	p := *s
	p.Files, p.Labels = make([]string, len(index)), slices.Clone(s.Labels[:min(len(s.Labels), len(index))])
	for k, i := range index {
		p.Files[k] = s.Files[i]
		if s.Labels != nil {
			p.Labels[k] = s.Labels[i]
		}
	}
	return &p
}
