package trainer

import (
	"context"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// A Judge measures a model on images a few at a time, so that it never takes long. Its score is a mean over the images that it has
// seen, each by the weights of the moment when it was last seen.
type Judge struct {
	X      []float32                          // the images, one after another
	Images int                                // their number
	Score  func(row int, y []float32) float64 // of the output for an image

	scores []float64
	at     int // the next image
	fresh  int // number of images seen with the present weights
	seen   int
}

// some is the number of images of one call.
const some = 50

// changed says that the model has other weights.
func (j *Judge) changed() { j.fresh = 0 }

// Done reports whether all images were seen with the present weights.
func (j *Judge) Done() bool { return j.fresh >= j.Images }

// look measures the model on the next images.
func (j *Judge) look(m *graph.Model) error {
	n := j.Images
	if j.scores == nil {
		j.scores = make([]float64, n)
	}
	if j.at >= n {
		j.at = 0
	}
	from, to := j.at, min(j.at+some, n)
	width := len(j.X) / j.Images
	out, err := Predict(m, to-from, j.X[from*width:to*width])
	if err != nil {
		return err
	}
	each := len(out) / (to - from)
	for i := from; i < to; i++ {
		j.scores[i] = j.Score(i, out[(i-from)*each:][:each])
	}
	j.at, j.fresh, j.seen = to, j.fresh+to-from, max(j.seen, to)
	return nil
}

// Mean returns the mean score, and the number of images that it is over.
func (j *Judge) Mean() (mean float64, images int) {
	if j.seen == 0 {
		return 0, 0
	}
	for _, s := range j.scores[:j.seen] {
		mean += s
	}
	return mean / float64(j.seen), j.seen
}

// Predict returns a model's outputs for some images, given and returned one after another.
func Predict(m *graph.Model, images int, pixels []float32) ([]float32, error) {
	x := tensor.New(tensor.WithShape(images, len(pixels)/images), tensor.WithBacking(pixels))
	y, err := m.Predict(context.Background(), x)
	if err != nil {
		return nil, err
	}
	return y.Float32s(), nil
}
