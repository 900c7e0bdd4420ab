package serve

import (
	"maps"
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// fields describes an object with the given properties, all of which are required, and no others.
func fields(properties object) object {
	return object{"type": "object", "properties": properties, "required": slices.Sorted(maps.Keys(properties)), "additionalProperties": false}
}

// array describes an array of least to most elements; a most of 0 means no limit.
func array(items object, least, most int, description string) object {
	a := object{"type": "array", "items": items, "minItems": least}
	if most > 0 {
		a["maxItems"] = most
	}
	if description != "" {
		a["description"] = description
	}
	return a
}

// nested describes arrays of a shape. Dimensions that are graph.Any have least to most elements.
func nested(shape []int, element object, least, most int) object {
	for _, d := range slices.Backward(shape) {
		if d == graph.Any {
			element = array(element, least, most, "the same number in all samples")
		} else {
			element = array(element, d, d, "")
		}
	}
	return element
}

// inputs describes {"inputs": [...]}.
func (s *served) inputs(f findings) object {
	sample := nested(s.model.Input(), f.element(f.kinds...), f.least, f.size)
	if n := len(f.kinds); n > 1 {
		var list []object
		for _, k := range f.kinds {
			list = append(list, f.element(k))
		}
		sample = object{"type": "array", "prefixItems": list, "minItems": n, "maxItems": n}
	}
	return fields(object{"inputs": array(sample, 1, f.rows, "samples of the same shape")})
}

// element describes a number of an input, which has the given kind, or one of the given kinds.
func (f findings) element(kinds ...kind) object {
	if len(kinds) == 1 && kinds[0].integer {
		return object{"type": "integer", "minimum": 0, "maximum": kinds[0].most}
	}
	return object{"type": "number", "minimum": -f.largest, "maximum": f.largest}
}

// pieces describes the inputs and outputs of a stream.
func (s *served) pieces(f findings) (in, out object) {
	shape, time := s.pieceShape()
	least := 1
	for i, d := range shape {
		if i != time && d == graph.Any {
			least = f.least
		}
	}
	in = fields(object{"inputs": array(nested(shape, f.element(f.kinds...), least, f.size), 1, f.rows, "the same number of samples in each piece")})
	out = fields(object{"outputs": array(nested(f.pieces, object{"type": "number"}, 0, 0), 1, f.rows, "for each sample")})
	return in, out
}

// outputs describes {"outputs": [...]}.
func (s *served) outputs(f findings) object {
	text := "for each sample"
	if s.classes != nil {
		text += " a number for each class: " + string(s.classes)
	}
	return fields(object{"outputs": array(nested(s.model.Output(), object{"type": "number"}, 0, 0), 1, f.rows, text)})
}

// rowSchema describes {"rows": [...]}.
func (s *served) rowSchema(f findings) object {
	row := object{"type": "object"}
	if columns := s.fields(); columns != nil {
		properties := object{}
		for _, c := range columns {
			if !c.Target {
				properties[c.Name] = column(c.Kind, slices.Contains(f.required, c.Name))
			}
		}
		row["properties"], row["additionalProperties"] = properties, false
		if f.required != nil {
			row["required"] = f.required
		}
	}
	return fields(object{"rows": array(row, 1, f.rows, "rows of a table; a column that is left out or null has no value")})
}

// column describes the values of a column.
func column(kind graph.Kind, required bool) object {
	types := []object{}
	if !required {
		types = append(types, object{"type": "null"})
	}
	switch kind {
	case graph.KindNumber:
		number := object{"type": "number", "exclusiveMinimum": -math.MaxFloat32, "exclusiveMaximum": math.MaxFloat32}
		types = append(types, number, object{"type": "boolean"})
	case graph.KindTime:
		types = append(types, object{"type": "string", "format": "date"}, object{"type": "string", "format": "date-time"})
	case graph.KindCategory, graph.KindText:
		types = append(types, object{"type": "string"}, object{"type": "number"}, object{"type": "boolean"})
	default:
		return object{}
	}
	return object{"anyOf": types, "description": string(kind)}
}

// answerSchema describes {"answers": [...]}.
func (f findings) answerSchema() object {
	value := object{"type": "number"}
	switch f.answer.Value.(type) {
	case string:
		value = object{"type": "string"}
	case []float64:
		value = array(object{"type": "number"}, 0, 0, "")
	}
	properties := object{"value": value}
	if names := slices.Sorted(maps.Keys(f.answer.Scores)); len(names) > 0 {
		value["enum"] = names
		scores := object{}
		for _, name := range names {
			scores[name] = object{"type": "number"}
		}
		properties["scores"] = fields(scores)
	}
	return fields(object{"answers": array(fields(properties), 1, f.rows, "one for each row")})
}
