package serve_test

import (
	"context"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/serve"
	"github.com/nndiy/nndiy/internal/settings/settingstest"
)

// TestZero calls each method of the zero value of each exported struct.
func TestZero(t *testing.T) {
	settingstest.Zero(t, []any{
		&serve.Config{}, &serve.Handler{},
	}, []any{context.Background(), httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)})
}

// TestZeroModel: a model that Compile did not make is an error.
func TestZeroModel(t *testing.T) {
	_, err := serve.New(&graph.Model{}, serve.Config{})
	require.ErrorContains(t, err, "want one from Compile or Open")
}
