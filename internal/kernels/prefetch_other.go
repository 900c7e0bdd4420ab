//go:build noasm || !(amd64 || arm64)

package kernels

// Go has no instruction for these two.

// prefetchRows does nothing.
func prefetchRows(*byte, int, int, int) {}

// fetchToWrite does nothing.
func fetchToWrite(*byte) {}
