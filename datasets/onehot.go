package datasets

import (
	"fmt"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/settings"
	"gorgonia.org/tensor"
)

// maxClasses is the largest number of classes of OneHot; a larger one is probably a mistake.
const maxClasses = 1 << 16

// OneHot converts class numbers y, of shape (n) or (n,1), to rows of shape (n, classes) that are 1 at the class and 0 elsewhere,
// with the element type of y, float32 or float64. A classes of 0 means the largest class number plus 1; the maximum is 65,536. A
// class number that is not an integer from 0 to classes-1 is an error.
func OneHot(y *tensor.Dense, classes int) (*tensor.Dense, error) {
	data, err := elements(y)
	if err == nil {
		err = notEmpty(y)
	}
	if err != nil {
		return nil, fmt.Errorf("datasets: OneHot: y: %w", err)
	}
	if rowWidth(y) != 1 || y.Dims() > 2 {
		return nil, fmt.Errorf("datasets: OneHot: y: got shape %v, want (n) or (n,1)", y.Shape())
	}
	if err := settings.Check(settings.Between("classes", float64(classes), 0, maxClasses)); err != nil {
		return nil, fmt.Errorf("datasets: OneHot: %w", err)
	}
	switch data := data.(type) {
	case []float32:
		return oneHot(data, classes)
	case []float64:
		return oneHot(data, classes)
	}
	return nil, nil
}

// oneHot is OneHot for one element type.
func oneHot[T graph.Float](y []T, classes int) (*tensor.Dense, error) {
	limit := classes
	if classes == 0 {
		limit = maxClasses
	}
	largest := 0
	for i, c := range y {
		if !(c >= 0 && c < T(limit)) || c != T(int(c)) {
			return nil, fmt.Errorf("datasets: OneHot: row %d of y: got class %v, want an integer from 0 to %d", i, c, limit-1)
		}
		largest = max(largest, int(c))
	}
	if classes == 0 {
		classes = largest + 1
	}
	rows := make([]T, len(y)*classes)
	kernels.OneHot(rows, y, classes)
	return dense(rows, len(y), classes), nil
}
