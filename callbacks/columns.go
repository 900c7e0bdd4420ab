package callbacks

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph"
)

// columns returns the names of logs in the order of reports: training, validation, others, and the learning rate last. In each
// group the loss comes first.
func columns(logs graph.Logs) []string {
	names := logs.Names()
	slices.SortStableFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(group(a), group(b)), cmp.Compare(inGroup(a), inGroup(b)))
	})
	return names
}

// group returns the position of the name's group.
func group(name string) int {
	switch {
	case strings.HasPrefix(name, "train_"):
		return 0
	case strings.HasPrefix(name, "valid_"):
		return 1
	case name == rateName:
		return 3
	}
	return 2
}

// inGroup returns the position of the name within its group.
func inGroup(name string) int {
	if strings.HasSuffix(name, "_loss") {
		return 0
	}
	return 1
}

// rateName is the log name of the learning rate.
const rateName = "learning_rate"
