package layers

import (
	"errors"

	"github.com/nndiy/nndiy/graph"
)

// inferred returns groups for all columns.
func (c Columns) inferred(rows graph.Rows) (groups []Group, err error) {
	missing, distinct := map[string]bool{}, map[string]map[string]bool{}
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
			if v == nil {
				missing[name] = true
			} else if seen := distinct[name]; seen != nil && len(seen) <= 16 {
				word, _ := wordOf(v)
				seen[word] = true
			}
		}
	}
	whole := Group{Layers: []graph.Layer{Impute{}, Normalize{}}}
	holed := Group{Layers: []graph.Layer{Impute{Indicator: true}, Normalize{}}}
	for _, f := range rows.Fields() {
		one := []string{f.Name}
		switch {
		case f.Name == c.Target || f.Target:
		case f.Kind == graph.KindNumber && missing[f.Name]:
			holed.Names = append(holed.Names, f.Name)
		case f.Kind == graph.KindNumber:
			whole.Names = append(whole.Names, f.Name)
		case f.Kind == graph.KindText:
			groups = append(groups, Group{one, []graph.Layer{Tokens{}}})
		case f.Kind == graph.KindTime:
			groups = append(groups, Group{one, []graph.Layer{Dates{}, Normalize{}}})
		case len(distinct[f.Name]) <= 16:
			groups = append(groups, Group{one, []graph.Layer{Vocabulary{}, OneHot{}}})
		default:
			groups = append(groups, Group{one, []graph.Layer{Vocabulary{MinCount: 2}, Embedding{Init: graph.Normal(0, 0.1)}}})
		}
	}
	if len(holed.Names) > 0 {
		groups = append([]Group{holed}, groups...)
	}
	if len(whole.Names) > 0 {
		groups = append([]Group{whole}, groups...)
	}
	if len(groups) == 0 {
		return nil, errors.New("got no columns besides the target, want at least one")
	}
	return groups, nil
}
