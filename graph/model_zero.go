package graph

import "errors"

var errUnmade = errors.New("got a Model that is nil or the zero value, want one from Compile or Open")

// made returns an error for a model that neither Compile nor Open made. Exported methods call it first.
func (m *Model) made() error {
	if m == nil || m.store == nil {
		return errUnmade
	}
	return nil
}
