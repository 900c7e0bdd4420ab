package ops

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSafely(t *testing.T) {
	failure := errors.New("failure")
	for _, r := range []struct {
		name string
		f    func() (int, error)
		want int
		err  string
	}{
		{"returns", func() (int, error) { return 3, nil }, 3, ""},
		{"returns an error", func() (int, error) { return 3, failure }, 3, "failure"},
		{"panics with an error", func() (int, error) { panic(failure) }, 0, "failure"},
		{"panics with a string", func() (int, error) { panic("text") }, 0, "text"},
	} {
		t.Run(r.name, func(t *testing.T) {
			got, err := Safely(r.f)
			require.Equal(t, r.want, got)
			if r.err == "" {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, r.err)
			}
		})
	}
}
