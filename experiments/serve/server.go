package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/nndiy/nndiy/graph/serve"
)

// answer answers requests until the context ends. Then it stops accepting, and waits up to the timeout for the requests under way.
func answer(ctx context.Context, h *serve.Handler, l net.Listener, timeout time.Duration) error {
	s := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	h.Stop()
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	defer cancel()
	err := s.Shutdown(limit)
	if err != nil {
		s.Close()
		err = fmt.Errorf("stopping: %w", err)
	}
	if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}
