package labtest

import (
	"context"
	"sync/atomic"
)

// Interrupted returns a context that is canceled, as by Ctrl-C, when a program asks it for the n-th time whether it is. The function
// that it returns says how often it has been asked.
func Interrupted(n int64) (context.Context, func() int64) {
	ctx, cancel := context.WithCancel(context.Background())
	c := &interrupted{Context: ctx, cancel: cancel, n: n}
	return c, c.asked.Load
}

type interrupted struct {
	context.Context
	cancel context.CancelFunc
	n      int64
	asked  atomic.Int64
}

// Err implements context.Context.
func (c *interrupted) Err() error {
	if c.asked.Add(1) >= c.n {
		c.cancel()
	}
	return c.Context.Err()
}
