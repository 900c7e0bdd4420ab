package graph

import (
	"context"
	"errors"
)

// ended returns why a context ends what is being done, nil if it goes on.
func ended(ctx context.Context) error {
	if ctx == nil {
		return errors.New("got no context, want one such as context.Background()")
	}
	return ctx.Err()
}
