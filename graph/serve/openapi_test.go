package serve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// tabular returns a model of raw rows with every kind of column.
func tabular(t testing.TB, target string, drop ...graph.Layer) *graph.Model {
	text := "size,city,built,note,kind,rent\n1,Lyon,2020-01-02,a quiet house,a,3\n2,Oslo,2021-02-03,a loud house,b,4\n3,Lyon,2022-03-04,a quiet flat,a,5\n4,Oslo,2019-05-06,a loud flat,b,6\n"
	csv := datasets.CSV{Target: []string{target}, Skip: []string{map[string]string{"kind": "rent", "rent": "kind"}[target]},
		Kinds: map[string]graph.Kind{"note": graph.KindText, "city": graph.KindCategory, "built": graph.KindTime}}
	table, err := csv.Read(strings.NewReader(text), "x.csv")
	require.NoError(t, err)
	columns := layers.Columns{}
	if len(drop) > 0 { // numbers without Impute: a missing one is an error
		columns.Groups = []layers.Group{{Names: []string{"size"}, Layers: drop}, {Names: []string{"city"}, Layers: []graph.Layer{layers.Vocabulary{}, layers.OneHot{}}}}
	}
	columns, err = columns.Adapt(table)
	require.NoError(t, err)
	m, err := graph.Compile(layers.Sequential{columns, layers.Dense{Units: 5}, layers.Tanh{}, columns.Head()}, graph.Config{Seed: 1})
	require.NoError(t, err)
	return m
}

// described are the models whose descriptions are checked.
func described(t *testing.T) map[string]*graph.Model {
	compiled := func(input []int, list ...graph.Layer) *graph.Model {
		m, err := graph.Compile(layers.Sequential(list), graph.Config{Input: input, Seed: 1})
		require.NoError(t, err)
		return m
	}
	named := small(t, 1, 3)
	classes, err := datasets.ClassesOf([]string{"x", "y", "z"})
	require.NoError(t, err)
	require.NoError(t, classes.StoreIn(named))
	return map[string]*graph.Model{
		"classes": named, "pictures": seeing(t, tensor.Float32), "float64": seeing(t, tensor.Float64), "sequences": sequences(t), "recurrent": recurrent(t, graph.Any), "fixed": recurrent(t, 6),
		"words":      compiled([]int{graph.Any}, layers.Embedding{Vocabulary: 10, Units: 4}, layers.LSTM{Units: 3}),
		"windows":    compiled([]int{1, graph.Any}, layers.Conv1D{Filters: 1, Kernel: 3}, layers.GlobalMaxPool{}),
		"classifier": tabular(t, "kind"), "regression": tabular(t, "rent"), "required": tabular(t, "kind", layers.Normalize{}),
	}
}

// TestOpenAPI: each described request of each model is answered, and the answer is as described.
func TestOpenAPI(t *testing.T) {
	for name, m := range described(t) {
		t.Run(name, func(t *testing.T) {
			h, err := New(m, Config{})
			require.NoError(t, err)
			url := startedHandler(t, h)
			d := description(t, url)
			require.Equal(t, "3.1.0", d.root["openapi"])
			requests := 0
			for path, item := range d.at("paths").(map[string]any) {
				for _, method := range []string{"get", "post", "delete"} {
					if operation, ok := item.(map[string]any)[method].(map[string]any); ok {
						requests += d.check(t, url, strings.ToUpper(method), path, operation)
					}
				}
			}
			require.GreaterOrEqual(t, requests, 8)
			_, streams := d.at("paths").(map[string]any)["/streams/{id}"]
			require.Equal(t, slices.Contains([]string{"recurrent", "fixed", "words"}, name), streams)
			paths := slices.DeleteFunc(slices.Clone(h.paths), func(path string) bool { return !streams && strings.HasPrefix(path, "/streams") })
			require.ElementsMatch(t, paths, slices.Collect(maps.Keys(d.at("paths").(map[string]any))))
		})
	}
}

// TestClasses: the names of the outputs are in the shapes and in the description.
func TestClasses(t *testing.T) {
	url := started(t, described(t)["classes"], Config{})
	_, text := get(t, url+"/")
	require.Equal(t, "{\"classes\":[\"x\",\"y\",\"z\"],\"input\":[4],\"max_samples\":4096,\"output\":[3]}\n", text)
	outputs := description(t, url).at("components", "schemas", "Outputs", "properties", "outputs", "description")
	require.Equal(t, `for each sample a number for each class: ["x","y","z"]`, outputs)
}

// check sends requests with a body of each media type and form, and returns their number.
func (d document) check(t *testing.T, url, method, path string, operation map[string]any) (n int) {
	if strings.HasSuffix(path, "{id}") {
		path = strings.TrimPrefix(begun(t, url), url)
	}
	body, _ := operation["requestBody"].(map[string]any)
	if body == nil {
		d.ask(t, mustRequest(t, method, url+path, "", nil), operation)
		return 1
	}
	for kind, content := range body["content"].(map[string]any) {
		schema := content.(map[string]any)["schema"].(map[string]any)
		switch {
		case kind == "application/json":
			forms, ok := schema["anyOf"].([]any)
			if !ok {
				forms = []any{schema}
			}
			for _, form := range forms {
				for size := range 3 {
					if strings.HasPrefix(path, "/streams") {
						path = strings.TrimPrefix(begun(t, url), url)
					}
					text, err := json.Marshal(d.example(form.(map[string]any), size))
					require.NoError(t, err)
					d.ask(t, mustRequest(t, method, url+path, kind, text), operation)
					n++
				}
			}
		case kind == "application/x-npy":
			if strings.HasPrefix(path, "/streams") {
				path = strings.TrimPrefix(begun(t, url), url)
			}
			list := d.example(d.at("components", "schemas", "Inputs").(map[string]any), 1).(map[string]any)["inputs"]
			var shape []int
			var data []float64
			for at := list; ; {
				l, ok := at.([]any)
				if !ok {
					break
				}
				shape, at = append(shape, len(l)), l[0]
			}
			numbers(list, &data)
			r := mustRequest(t, method, url+path, kind, npy(t, tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))))
			r.Header.Set("Accept", kind)
			d.ask(t, r, operation)
			n++
		default:
			d.ask(t, mustRequest(t, method, url+path, kind, pictures(t, 9)[kind]), operation)
			n++
		}
	}
	return n
}

// ask sends a request, and checks the answer by its description.
func (d document) ask(t *testing.T, r *http.Request, operation map[string]any) {
	answer, err := client.Do(r)
	require.NoError(t, err)
	code, text := read(t, answer)
	require.Equal(t, 200, code, "%s %s: %s", r.Method, r.URL, text)
	kind, _, _ := strings.Cut(answer.Header.Get("Content-Type"), ";")
	content, ok := operation["responses"].(map[string]any)["200"].(map[string]any)["content"].(map[string]any)[kind].(map[string]any)
	require.True(t, ok, kind)
	switch kind {
	case "application/json":
		var value any
		require.NoError(t, json.Unmarshal([]byte(text), &value))
		require.NoError(t, d.valid(content["schema"].(map[string]any), value), text)
	case "application/x-npy":
		_, err := datasets.ParseNPY([]byte(text), "the answer")
		require.NoError(t, err)
	default:
		require.NoError(t, d.valid(content["schema"].(map[string]any), text))
	}
}

func mustRequest(t *testing.T, method, url, kind string, body []byte) *http.Request {
	r, err := http.NewRequest(method, url, bytes.NewReader(body))
	require.NoError(t, err)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	return r
}

// numbers appends all numbers in nested lists.
func numbers(value any, to *[]float64) {
	if list, ok := value.([]any); ok {
		for _, v := range list {
			numbers(v, to)
		}
		return
	}
	*to = append(*to, value.(float64))
}

// TestOpenAPIRefuses: what the description excludes is an error.
func TestOpenAPIRefuses(t *testing.T) {
	models := described(t)
	for _, c := range []struct{ name, body string }{
		{"words", `{"inputs":[[10]]}`}, {"words", `{"inputs":[[0.5]]}`}, {"windows", `{"inputs":[[[1,2]]]}`}, {"required", `{"rows":[{"city":"Lyon"}]}`},
		{"classifier", `{"rows":[{"size":"x"}]}`}, {"classifier", `{"rows":[{"built":"x"}]}`}, {"classifier", `{"rows":[{"kind":1,"other":2}]}`}, {"sequences", `{"inputs":[[[1]]]}`},
	} {
		t.Run(fmt.Sprint(c.name, c.body), func(t *testing.T) {
			url := started(t, models[c.name], Config{})
			d := description(t, url)
			var value any
			require.NoError(t, json.Unmarshal([]byte(c.body), &value))
			require.Error(t, d.valid(d.at("paths", "/predict", "post", "requestBody", "content", "application/json", "schema").(map[string]any), value))
			code, text := ask(t, url, c.body)
			require.Equal(t, 400, code, text)
			require.NoError(t, json.Unmarshal([]byte(text), &value))
			require.NoError(t, d.valid(d.at("components", "schemas", "Error").(map[string]any), value), text)
		})
	}
}
