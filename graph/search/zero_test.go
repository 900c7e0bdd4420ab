package search_test

import (
	"context"
	"testing"

	"github.com/nndiy/nndiy/graph/search"
	"github.com/nndiy/nndiy/internal/settings/settingstest"
)

// TestZero calls each method of the zero value of each exported struct.
func TestZero(t *testing.T) {
	settingstest.Zero(t, []any{
		&search.Halving[int]{}, &search.Random[int]{}, &search.Trial[int]{},
	}, []any{context.Background()})
}
