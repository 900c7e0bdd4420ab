package checkpoint

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestList(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{Name(100), Name(9), "step-1.nndiy", "model.nndiy", ".nndiy-1.tmp"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), nil, 0o666))
	}
	names, err := List(folder)
	require.NoError(t, err)
	require.Equal(t, []string{Name(9), Name(100)}, names)
	_, err = List(filepath.Join(folder, "none"))
	require.ErrorIs(t, err, os.ErrNotExist)
	require.Equal(t, Series(Name(9)), Series(filepath.Join(folder, Name(100))))
	require.Equal(t, "model.nndiy", Series(filepath.Join(folder, "model.nndiy")))
}
