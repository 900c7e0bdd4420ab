package layers

import "github.com/nndiy/nndiy/graph"

// kindOf returns the kind of the columns that an encoder takes, "" if it is not one of this package.
func kindOf(e Encoder) graph.Kind {
	switch e.(type) {
	case Vocabulary:
		return graph.KindCategory
	case Tokens:
		return graph.KindText
	case Dates:
		return graph.KindTime
	}
	return ""
}

// RowFields returns the columns, and the target if it has a name, for graph.Model.RowFields.
func (r *rows) RowFields() (fields []graph.Field) {
	for _, c := range r.list {
		fields = append(fields, graph.Field{Name: c.name, Kind: c.kind})
	}
	switch {
	case r.Target == "":
	case r.Classes != nil:
		fields = append(fields, graph.Field{Name: r.Target, Kind: graph.KindCategory, Target: true})
	default:
		fields = append(fields, graph.Field{Name: r.Target, Kind: graph.KindNumber, Target: true})
	}
	return fields
}
