package serve

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/nndiy/nndiy/graph"
)

// Replace serves another model. Requests under way, and streams, end with the model with which they began; all requests from now on get
// the new one, and none is lost. A model that does not take the same requests is an error, and the old one stays: if its inputs or
// outputs have other shapes, its raw rows other columns, if it has no preparation of pictures where the old one has, or if it cannot be
// streamed although clients have begun streams. Both models are in memory until the last request for the old one ends.
func (h *Handler) Replace(m *graph.Model) error {
	err := errors.New("got no model, want one")
	switch {
	case h.mux == nil:
		err = errNoHandler
	case m != nil:
		err = h.replace(m)
	}
	if err != nil {
		return fmt.Errorf("serve: Replace: %w", err)
	}
	return nil
}

func (h *Handler) replace(m model) error {
	next, err := h.serve(m)
	if err != nil {
		return err
	}
	if err := next.replaces(h.served.Load()); err != nil {
		return err
	}
	if h.streams.begun.Load() {
		if _, err := next.begin(); err != nil {
			return fmt.Errorf("streams: %w", err)
		}
	}
	h.served.Store(next)
	h.measures.replaced.Add(1)
	return nil
}

// replaces returns an error unless clients of an old model can be answered by a new one.
func (s *served) replaces(old *served) error {
	switch {
	case old.picture != nil && s.picture == nil:
		return errors.New("pictures: got a model without their preparation, want one with it, as before")
	case s.raw() != old.raw():
		return fmt.Errorf("takes raw rows: got %v, want %v", s.raw(), old.raw())
	case s.raw() && !slices.Equal(s.fields(), old.fields()):
		return fmt.Errorf("raw rows: got the columns %v, want %v", s.fields(), old.fields())
	case s.raw(): // the encoded rows and the classes depend on the data
		return nil
	case !slices.Equal(s.model.Input(), old.model.Input()):
		return fmt.Errorf("input: got shape %v, want %v", s.model.Input(), old.model.Input())
	case !slices.Equal(s.model.Output(), old.model.Output()):
		return fmt.Errorf("output: got shape %v, want %v", s.model.Output(), old.model.Output())
	}
	return nil
}

// Watch replaces the model whenever the file at path changes, until the context ends. It opens the file with Config.Open when it has not
// changed for the time Config.Poll, and calls report after each try: with nil if the new model is served, or with the error that
// keeps the old one; a report of nil is not called. The file that is there at the call counts as the model that is served. A file that is replaced whole, as
// graph.Model.SaveFile does, is best; one that is half written is an error until it is complete.
func (h *Handler) Watch(ctx context.Context, path string, report func(error)) {
	if report == nil {
		report = func(error) {}
	}
	if h.mux == nil {
		report(fmt.Errorf("serve: Watch: %w", errNoHandler))
		return
	}
	seen, _ := os.Stat(path)
	opened := seen
	ticks := time.NewTicker(h.config.Poll)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
		now, err := os.Stat(path)
		if err != nil { // it may come back
			continue
		}
		if !sameFile(seen, now) {
			seen = now
			continue
		}
		if sameFile(opened, now) {
			continue
		}
		opened = now
		m, err := h.config.Open(path)
		if err == nil {
			err = h.Replace(m)
		}
		report(err)
	}
}

// sameFile reports whether a file is unchanged; a is nil if there was none.
func sameFile(a, b os.FileInfo) bool {
	return a != nil && os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}
