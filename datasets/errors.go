package datasets

import "strings"

// A placedError is an error with the place where it happened. The package's name is in front once, also if the error inside has it.
type placedError struct {
	where string
	err   error
}

func (e *placedError) Error() string {
	return "datasets: " + e.where + ": " + strings.TrimPrefix(e.err.Error(), "datasets: ")
}

func (e *placedError) Unwrap() error { return e.err }

// placed returns an error with a place in front; nil stays nil.
func placed(where string, err error) error {
	if err == nil {
		return nil
	}
	if p, ok := err.(*placedError); ok && strings.HasPrefix(p.where, where+": ") {
		return err // it has the place already
	}
	return &placedError{where, err}
}
