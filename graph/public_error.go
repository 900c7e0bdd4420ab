package graph

import "strings"

// prefix is the beginning of the errors of this package's exported functions.
const prefix = "graph: "

// A publicError is an error as an exported function returns it: "graph: where: err", where the prefix and the place occur
// once, even if err comes from another exported function.
type publicError struct {
	where string // the function, and perhaps what it worked on; "" adds nothing
	err   error
}

// public returns err as the error of an exported function, nil if it is nil.
func public(where string, err error) error {
	if err == nil {
		return nil
	}
	return &publicError{where, err}
}

// Error implements error.
func (e *publicError) Error() string {
	text := withoutPrefix(e.err.Error())
	if e.where == "" {
		return prefix + text
	}
	function, _, _ := strings.Cut(e.where, ": ")
	return prefix + e.where + ": " + strings.TrimPrefix(text, function+": ")
}

// Unwrap returns the error without its place.
func (e *publicError) Unwrap() error { return e.err }

// withoutPrefix removes the prefix wherever an error's text begins: at the start, after a colon or a semicolon, and in a new
// line.
func withoutPrefix(text string) string {
	text = strings.TrimPrefix(text, prefix)
	for _, before := range []string{": ", "; ", "\n"} {
		text = strings.ReplaceAll(text, before+prefix, before)
	}
	return text
}
