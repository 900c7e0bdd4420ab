package layers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// checked returns x, with an error that names the first setting that is not valid.
func checked(x graph.Node, list ...settings.Setting) graph.Node {
	if err := settings.Check(list...); err != nil {
		return x.Errorf("%w", err)
	}
	return x
}

// or returns f, or fallback if f is nil.
func or(f, fallback graph.Initializer) graph.Initializer {
	if f == nil {
		return fallback
	}
	return f
}

// listOf returns a setting as a list: none if it is 0, which stands for the default.
func listOf(n int) []int {
	if n == 0 {
		return nil
	}
	return []int{n}
}

// maxSetting is the largest setting of a window: sums and products of a few of them do not overflow.
const maxSetting = 1<<31 - 1

// perDim returns a setting for each of dims spatial dimensions: one number stands for all of them, none for fallback. Each
// is at least low.
func perDim(x graph.Node, name string, v []int, dims, low, fallback int) ([]int, graph.Node) {
	all := make([]int, dims)
	for i := range all {
		switch len(v) {
		case 0:
			all[i] = fallback
		case 1:
			all[i] = v[0]
		case dims:
			all[i] = v[i]
		default:
			return nil, x.Errorf("%s: got %v, want one number or %d", name, v, dims)
		}
		if all[i] > maxSetting {
			return nil, x.Errorf("%s: got %d, want at most %d", name, all[i], maxSetting)
		}
		if x = checked(x, settings.Count(name, all[i], low)); x.Err() != nil {
			return nil, x
		}
	}
	return all, x
}
