package program

import "slices"

// A Cache stores the most recently used programs, at most Limit of them. A program is taken out while it runs, so that no
// two goroutines use the same one.
type Cache[K comparable] struct {
	Limit int
	list  []cached[K] // the least recently used first
}

type cached[K comparable] struct {
	key K
	p   *Program
}

// Take removes and returns a program for the key, nil if there is none.
func (c *Cache[K]) Take(key K) *Program {
	for i, e := range slices.Backward(c.list) {
		if e.key == key {
			c.list = slices.Delete(c.list, i, i+1)
			return e.p
		}
	}
	return nil
}

// Put stores a program. If the cache is full, the least recently used one is dropped.
func (c *Cache[K]) Put(key K, p *Program) {
	if len(c.list) >= c.Limit {
		c.list = slices.Delete(c.list, 0, 1)
	}
	c.list = append(c.list, cached[K]{key, p})
}
