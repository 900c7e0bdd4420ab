package golden

// Settings are a case's configuration. Asking for one takes it out, so that what is left is what the test does not know.
type Settings map[string]any

// Num returns a number, 0 if there is none of that name.
func (s Settings) Num(name string) float64 {
	v, _ := s[name].(float64)
	delete(s, name)
	return v
}

// Int returns a whole number, 0 if there is none of that name.
func (s Settings) Int(name string) int { return int(s.Num(name)) }

// Ints returns a list of whole numbers. A single number is a list of one.
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

// Text returns a string, "" if there is none of that name.
func (s Settings) Text(name string) string {
	v, _ := s[name].(string)
	delete(s, name)
	return v
}

// Is returns a truth value, false if there is none of that name.
func (s Settings) Is(name string) bool {
	v, _ := s[name].(bool)
	delete(s, name)
	return v
}
