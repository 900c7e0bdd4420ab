package golden

// Settings are a case's configuration. Each method removes the setting that it returns; a test fails on any setting that
// remains.
type Settings map[string]any

// Num returns a number, 0 if it is not set.
func (s Settings) Num(name string) float64 {
	v, _ := s[name].(float64)
	delete(s, name)
	return v
}

// Int returns an integer, 0 if it is not set.
func (s Settings) Int(name string) int { return int(s.Num(name)) }

// Ints returns a list of integers, nil if it is not set. A single number is a list of one.
func (s Settings) Ints(name string) []int {
	var ints []int
	switch v := s[name].(type) {
	case float64:
		ints = append(ints, int(v))
	case []any:
		for _, x := range v {
			n, _ := x.(float64)
			ints = append(ints, int(n))
		}
	}
	delete(s, name)
	return ints
}

// Nums returns a list of numbers, nil if it is not set. A single number is a list of one.
func (s Settings) Nums(name string) (list []float64) {
	switch v := s[name].(type) {
	case float64:
		list = append(list, v)
	case []any:
		for _, x := range v {
			n, _ := x.(float64)
			list = append(list, n)
		}
	}
	delete(s, name)
	return list
}

// Text returns a string, "" if it is not set.
func (s Settings) Text(name string) string {
	v, _ := s[name].(string)
	delete(s, name)
	return v
}

// Is returns a bool, false if it is not set.
func (s Settings) Is(name string) bool {
	v, _ := s[name].(bool)
	delete(s, name)
	return v
}
