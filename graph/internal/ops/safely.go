package ops

import "fmt"

// Safely calls f and returns its results. If f panics, it returns the panic's value as an error.
func Safely[T any](f func() (T, error)) (v T, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = recovered(r)
		}
	}()
	return f()
}

// recovered returns the value of a panic as an error.
func recovered(r any) error {
	if err, ok := r.(error); ok {
		return err
	}
	return fmt.Errorf("%v", r)
}
