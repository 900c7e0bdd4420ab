package datasets

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"math/rand/v2"
	"sync"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Cache is a data set that reads another one once, in From's own order, and keeps its samples: in memory, or in a file from which a
// batch reads its own samples, for more than fits in memory. The first pass reads all of From before its first batch. Later passes,
// in any order, cost no more than those of graph.Arrays, or of reading the file. So put what is slow and always the same inside, and
// what is random around it. All samples have tensors of the same dimensions. Do not copy a Cache; its methods are safe for
// concurrent use.
type Cache struct {
	From graph.Dataset

	// Path is the name of the file; "" means memory. An existing file is used as it is if it was written with the same Key, and else
	// replaced: From is not read and may then even be empty. It is replaced whole or not at all.
	Path string
	Key  string // what From depends on, in any form, such as the version of a preparation

	MaxBytes int64 // an error for samples of more bytes; 0 means no limit

	mu    sync.Mutex
	store Indexed
	close func() error
}

var (
	_ Indexed           = (*Cache)(nil)
	_ graph.StepCounter = (*Cache)(nil)
	_ tasked            = (*Cache)(nil)
)

// Len implements graph.Dataset. Until the first pass it is that of the file, if it will be used, and else that of From.
func (c *Cache) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.store != nil {
		return c.store.Len()
	}
	if c.Path != "" {
		if f, err := openCache(c.Path, c.Key); err == nil { // the first pass returns the error
			defer f.Close()
			return f.Len()
		}
	}
	return lenOf(c.From)
}

// Steps implements graph.StepCounter.
func (c *Cache) Steps(size int) int { return stepsFor(c.Len(), size) }

// Rows implements Indexed.
func (c *Cache) Rows(index []int) (graph.Batch, error) {
	s, err := c.filled()
	if err != nil {
		return graph.Batch{}, err
	}
	return s.Rows(index)
}

// Batches implements graph.Dataset.
func (c *Cache) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return func(yield func(graph.Batch, error) bool) {
		s, err := c.filled()
		if err != nil {
			yield(graph.Batch{}, err)
			return
		}
		if c.Path == "" { // Arrays reuse the memory of the batch
			s.Batches(size, rng)(yield)
			return
		}
		batchesOf(rowTasks(s, allRows(s.Len()), size, rng))(yield)
	}
}

func (c *Cache) tasks(size int, rng *rand.Rand) iter.Seq2[task, error] {
	s, err := c.filled()
	if err != nil {
		return failed(err)
	}
	return rowTasks(s, allRows(s.Len()), size, rng)
}

// Close closes the file, if there is one; a later pass opens it again. Memory is forgotten. No pass may be under way.
func (c *Cache) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.store = nil
	if c.close == nil {
		return nil
	}
	err := c.close()
	c.close = nil
	return placed("Cache", err)
}

// filled returns the samples, which it reads at the first call that succeeds.
func (c *Cache) filled() (Indexed, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.store != nil {
		return c.store, nil
	}
	err := settings.Check(settings.AtLeast("MaxBytes", float64(c.MaxBytes), 0))
	if err == nil {
		if c.Path == "" {
			err = c.fillMemory()
		} else {
			err = c.fillFile()
		}
	}
	return c.store, placed("Cache", err)
}

func (c *Cache) fillMemory() error {
	var all stack
	var bytes int64
	err := c.read(&all, func(o opened) error {
		bytes += int64(o.rows) * all.rowBytes()
		if c.MaxBytes > 0 && bytes > c.MaxBytes {
			return fmt.Errorf("MaxBytes: got more than %d bytes of samples, want at most that, or a larger MaxBytes, or Path set", c.MaxBytes)
		}
		all.add(o, 0, o.rows)
		return nil
	})
	if err == nil {
		c.store = graph.Arrays(all.batch())
	}
	return err
}

// read gives all batches of From to f, after opening them in s.
func (c *Cache) read(s *stack, f func(o opened) error) error {
	if isNil(c.From) {
		return errors.New("From: got nil, want a data set")
	}
	for b, err := range c.From.Batches(readSize, nil) {
		var o opened
		if err == nil {
			o, err = s.open(b)
		}
		if err == nil {
			err = f(o)
		}
		if err != nil {
			return err
		}
	}
	if s.seen == 0 {
		return errors.New("From: got no samples, want at least one")
	}
	return nil
}

// readSize is the number of samples that a Cache asks for at a time.
const readSize = 64

func (c *Cache) fillFile() error {
	f, err := openCache(c.Path, c.Key)
	switch {
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, errOtherKey):
		if err = c.write(); err == nil {
			f, err = openCache(c.Path, c.Key)
		}
	case err == nil && c.MaxBytes > 0 && f.bytes() > c.MaxBytes:
		f.Close()
		err = fmt.Errorf("MaxBytes: got %d bytes of samples in %s, want at most %d", f.bytes(), c.Path, c.MaxBytes)
	}
	if err == nil {
		c.store, c.close = f, f.Close
	}
	return err
}

// rowBytes returns the size of a sample in bytes.
func (s *stack) rowBytes() int64 {
	n := int64(0)
	for _, p := range s.parts {
		n += int64(p.width) * int64(p.data.Type().Elem().Size())
	}
	return n
}
