package layers

import (
	"errors"

	"github.com/nndiy/nndiy/graph"
)

// inferred returns groups for all columns.
func (c Columns) inferred(rows graph.Rows) (groups []Group, err error) {
	missing, distinct, ranges := map[string]bool{}, map[string]map[string]bool{}, map[string]span{}
	for _, f := range rows.Fields() {
		if f.Kind == graph.KindCategory {
			distinct[f.Name] = map[string]bool{}
		}
	}
	for row, err := range rows.Rows() {
		if err != nil {
			return nil, err
		}
		for name, v := range row {
			if n, ok := v.(float64); ok {
				ranges[name] = ranges[name].with(n)
			}
			if v == nil {
				missing[name] = true
			} else if seen := distinct[name]; seen != nil && len(seen) <= 16 {
				word, _ := wordOf(v)
				seen[word] = true
			}
		}
	}
	delete(ranges, c.Target)
	unit, common := commonSpan(ranges)
	alike := Group{Layers: []graph.Layer{Impute{}, Normalize{Whole: true}}}
	whole := Group{Layers: []graph.Layer{Impute{}, Normalize{Clip: 10}}}
	holed := Group{Layers: []graph.Layer{Impute{Indicator: true}, Normalize{Clip: 10}}}
	for _, f := range rows.Fields() {
		one := []string{f.Name}
		switch {
		case f.Name == c.Target || f.Target:
		case f.Kind == graph.KindNumber && missing[f.Name]:
			holed.Names = append(holed.Names, f.Name)
		case f.Kind == graph.KindNumber && common && unit.holds(ranges[f.Name]):
			alike.Names = append(alike.Names, f.Name)
		case f.Kind == graph.KindNumber:
			whole.Names = append(whole.Names, f.Name)
		case f.Kind == graph.KindText:
			groups = append(groups, Group{one, []graph.Layer{Tokens{}}})
		case f.Kind == graph.KindTime:
			groups = append(groups, Group{one, []graph.Layer{Dates{}, Impute{Indicator: missing[f.Name]}, Normalize{Clip: 10}}})
		case len(distinct[f.Name]) <= 16:
			groups = append(groups, Group{one, []graph.Layer{Vocabulary{}, OneHot{}}})
		default:
			groups = append(groups, Group{one, []graph.Layer{Vocabulary{MinCount: 2}, Embedding{Init: graph.Normal(0, 0.1)}}})
		}
	}
	for _, g := range []Group{holed, whole, alike} {
		if len(g.Names) > 0 {
			groups = append([]Group{g}, groups...)
		}
	}
	if len(groups) == 0 {
		return nil, errors.New("got no columns besides the target, want at least one")
	}
	return groups, nil
}

// A span is the range of a column's numbers; set is false if there is none.
type span struct {
	low, high float64
	set       bool
}

func (s span) with(v float64) span {
	if !s.set {
		return span{v, v, true}
	}
	return span{min(s.low, v), max(s.high, v), true}
}

// holds reports whether a range is inside.
func (s span) holds(t span) bool { return !t.set || s.low <= t.low && t.high <= s.high }

// commonSpan returns the range that more than half of the columns have, at least eight of them: they are numbers of one unit, such
// as the pixels of an image or answers on one scale.
func commonSpan(ranges map[string]span) (common span, ok bool) {
	counts := map[span]int{}
	for _, r := range ranges {
		if counts[r]++; counts[r] >= 8 && 2*counts[r] > len(ranges) && r.low < r.high {
			common, ok = r, true
		}
	}
	return common, ok
}
