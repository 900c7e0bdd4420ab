package serve

import (
	"fmt"
	"time"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// A Config holds the limits of a Handler. The zero value is usable.
type Config struct {
	MaxBody    int64         // size of a request's body, in bytes; 0 means 16 MiB
	MaxRows    int           // samples or raw rows in a request; 0 means 4096
	MaxSize    int           // size of a dimension that is graph.Any, such as the time; 0 means 4096
	MaxPixels  int           // pixels of a picture before it is resized; the model's datasets.Picture may say less; 0 means 1<<24
	MaxRunning int           // requests at once; others get status 503 and Retry-After; 0 means 32
	Timeout    time.Duration // to read a body, again to predict, and again to write the answer; 0 means 10 s
	Batch      int           // waiting requests are predicted as one batch of at most this many samples; 1 means one by one; 0 means 64

	MaxStreams int           // streams at once; 0 means 64
	MaxSteps   int           // time steps of a stream in all, which bounds what attention remembers; 0 means 65,536
	StreamIdle time.Duration // a stream without a request for this time ends; 0 means 5 minutes

	Poll time.Duration                           // how often Watch looks at the file; 0 means 2 s
	Open func(path string) (*graph.Model, error) // how Watch opens the file; nil means graph.Open
}

// The defaults of Config.
const (
	defaultBody    = 16 << 20
	defaultRows    = 4096
	defaultSize    = 4096
	defaultPixels  = 1 << 24
	defaultRunning = 32
	defaultTimeout = 10 * time.Second
	defaultBatch   = 64
	defaultStreams = 64
	defaultSteps   = 1 << 16
	defaultIdle    = 5 * time.Minute
	defaultPoll    = 2 * time.Second
)

// Validate implements graph.Validator, for a program that checks its settings before it opens a model. New calls it.
func (c Config) Validate() error {
	if _, err := c.complete(); err != nil {
		return fmt.Errorf("serve: Config: %w", err)
	}
	return nil
}

// complete returns the configuration with its defaults, or an error for the first invalid field.
func (c Config) complete() (Config, error) {
	for _, n := range []struct {
		name     string
		value    *int
		fallback int
	}{
		{"MaxRows", &c.MaxRows, defaultRows}, {"MaxSize", &c.MaxSize, defaultSize}, {"MaxPixels", &c.MaxPixels, defaultPixels},
		{"MaxRunning", &c.MaxRunning, defaultRunning}, {"Batch", &c.Batch, defaultBatch},
		{"MaxStreams", &c.MaxStreams, defaultStreams}, {"MaxSteps", &c.MaxSteps, defaultSteps},
	} {
		if err := settings.Check(settings.Count(n.name, *n.value, 1).OrZero(float64(n.fallback))); err != nil {
			return c, err
		}
		*n.value = settings.Or(*n.value, n.fallback)
	}
	for _, d := range []struct {
		name     string
		value    *time.Duration
		fallback time.Duration
	}{{"Timeout", &c.Timeout, defaultTimeout}, {"StreamIdle", &c.StreamIdle, defaultIdle}, {"Poll", &c.Poll, defaultPoll}} {
		if *d.value < 0 {
			return c, fmt.Errorf("%s: got %v, want more than 0, or 0 for %v", d.name, *d.value, d.fallback)
		}
		if *d.value == 0 {
			*d.value = d.fallback
		}
	}
	if c.MaxBody < 0 {
		return c, fmt.Errorf("MaxBody: got %d, want more than 0, or 0 for %d", c.MaxBody, defaultBody)
	}
	if c.MaxBody == 0 {
		c.MaxBody = defaultBody
	}
	if c.Open == nil {
		c.Open = graph.Open
	}
	return c, nil
}
