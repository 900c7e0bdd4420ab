package serve

import (
	"bytes"
	"context"
	"fmt"
	"time"
)

// picture sets the input to the picture in the body. It waits for a place among those that are decoded at once.
func (t *task[T]) picture(ctx context.Context, v *served, timeout time.Duration) *requestError {
	late := time.NewTimer(timeout)
	defer late.Stop()
	select {
	case v.decoding <- struct{}{}:
		defer func() { <-v.decoding }()
	case <-late.C:
		return &requestError{503, fmt.Sprintf("got no place to decode a picture within %v", timeout)}
	case <-ctx.Done():
		return gone
	}
	m, err := v.picture.Decode(bytes.NewReader(t.body))
	if err != nil {
		return &requestError{400, err.Error()}
	}
	x, err := v.picture.Tensor(m)
	if err != nil {
		return &requestError{400, err.Error()}
	}
	if t.space, err = convert(t.space, x.Data()); err != nil {
		return &requestError{500, err.Error()}
	}
	t.input, t.rows, t.shape = t.space, 1, append(t.shape[:0], v.picture.Input()...)
	return nil
}
