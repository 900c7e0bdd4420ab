package serve

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
)

// A model is the model to serve; *graph.Model implements it.
type model interface {
	Predict(ctx context.Context, x *tensor.Dense) (*tensor.Dense, error)
	Input() []int  // shape of one sample, whose dimensions may be graph.Any
	Output() []int // shape of the output for one sample
}

// served is a model with what answers requests for it.
type served struct {
	model  model
	engine engine // for the model's element type

	classes  json.RawMessage // labels as datasets.Classes stores them, in the order of the outputs; nil if there are none
	document func() []byte   // see describe

	picture  *datasets.Picture // preparation of pictures; nil if the model takes none
	decoding chan struct{}     // has a place for each picture that may be decoded at once, which bounds their memory
}

// An engine returns the answer of a request for predictions. It writes nothing; w is for limits.
type engine interface {
	answer(w http.ResponseWriter, r *http.Request) (answer, *requestError)
	next(w http.ResponseWriter, r *http.Request, s *session) (answer, *requestError) // for a stream
}

// serve checks a model and makes what answers requests for it.
func (h *Handler) serve(m model) (*served, error) {
	y, _, err := example(m)
	if err != nil {
		return nil, fmt.Errorf("first prediction: %w", err)
	}
	s := &served{model: m, decoding: h.decoding}
	s.document = sync.OnceValue(func() []byte { return s.describe(&h.config) })
	if g, ok := m.(*graph.Model); ok {
		text, list := []byte(g.Metadata()["classes"]), []any(nil)
		if err := json.Unmarshal(text, &list); err == nil {
			s.classes = text
		}
		if p, err := datasets.StoredPicture(g); err == nil && fits(p.Input(), m.Input()) {
			p.MaxPixels = min(cmp.Or(p.MaxPixels, h.config.MaxPixels), h.config.MaxPixels)
			s.picture = &p
		}
	}
	if y.Dtype() == tensor.Float32 {
		s.engine = newPredictor[float32](h, s)
	} else {
		s.engine = newPredictor[float64](h, s)
	}
	return s, nil
}

// example returns a prediction of one sample of zeros, and the sample's shape. For dimensions that are graph.Any it tries sizes.
func example(m model) (y *tensor.Dense, shape []int, err error) {
	for _, size := range []int{16, 32, 64, 128, 256, 512, 96, 224, 8, 4, 2, 1} {
		shape = sized(m.Input(), size)
		x := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(append([]int{1}, shape...)...))
		if y, err = m.Predict(context.Background(), x); err == nil || !slices.Contains(m.Input(), graph.Any) {
			break
		}
	}
	return y, shape, err
}

// sized returns a shape with a size for dimensions that are graph.Any.
func sized(shape []int, size int) []int {
	shape = slices.Clone(shape)
	for i, d := range shape {
		if d == graph.Any {
			shape[i] = size
		}
	}
	return shape
}
