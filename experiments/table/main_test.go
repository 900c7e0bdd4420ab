package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

var long = flag.Bool("long", false, "also train five folds of every table with three seeds, some minutes")

// bars is the least mean score of five folds and three seeds.
var bars = map[string]float64{"iris": 0.95, "wine": 0.97, "cancer": 0.97, "digits": 0.98, "diabetes": 0.45}

// TestFolds: with the defaults, each table reaches its bar.
func TestFolds(t *testing.T) {
	if !*long {
		t.Skip("-long is not set")
	}
	for _, s := range sources {
		t.Run(s.name, func(t *testing.T) {
			table, err := embedded(s.name)
			require.NoError(t, err)
			sum := 0.0
			for seed := range uint64(3) {
				v, err := defaults.folds(context.Background(), table, 5, seed+1, false)
				require.NoError(t, err)
				sum += v / 3
			}
			t.Logf("%s: %.4f", s.name, sum)
			assert.GreaterOrEqual(t, sum, bars[s.name])
		})
	}
}

// TestRun: a table of one's own is learned, and its file answers raw rows.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	var text bytes.Buffer
	text.WriteString("size;city;rent;big\n")
	for i := range 120 {
		city, base := "Lyon", 300.0
		if i%3 == 0 {
			city, base = "Oslo", 600
		}
		fmt.Fprintf(&text, "%d,5;%s;%.0f;%d\n", 20+i%50, city, base+10*float64(i%50), i%50/25)
	}
	path := filepath.Join(dir, "flats.csv")
	require.NoError(t, os.WriteFile(path, text.Bytes(), 0o644))
	for target, want := range map[string]string{"rent": "test R²", "big": "test accuracy"} {
		t.Run(target, func(t *testing.T) {
			out := filepath.Join(dir, target)
			var stdout, stderr bytes.Buffer
			args := []string{"-csv", path, "-target", target, "-comma", ";", "-decimal", ",", "-out", out, "-epochs", "60", "-units", "16", "-dropout", "0.1", "-json"}
			require.Equal(t, 0, run(context.Background(), args, &stdout, &stderr), stderr.String())
			assert.Contains(t, stdout.String(), want)
			assert.Contains(t, stdout.String(), "go run ./experiments/serve -model "+filepath.Join(out, "model.safetensors"))
			drawn := []string{curves, importance, predictions}
			if target == "big" {
				drawn = []string{curves, importance, confusion, calibration, roc, recall}
			}
			for _, name := range drawn {
				assert.FileExists(t, filepath.Join(out, name))
			}
			lines := strings.Split(strings.TrimSpace(stdout.String()), "\n")
			var last result
			require.NoError(t, json.Unmarshal([]byte(lines[len(lines)-1]), &last))
			assert.Greater(t, last.Test, 0.9)
			assert.Greater(t, last.Epochs, 0)
			model, err := graph.Open(filepath.Join(out, "model.safetensors"))
			require.NoError(t, err)
			answers, err := model.PredictRows(context.Background(), []map[string]any{{"size": 60.5, "city": "Oslo"}})
			require.NoError(t, err)
			if target == "rent" {
				assert.Less(t, math.Abs(answers[0].Value.(float64)-1000), 200.0)
			} else {
				assert.Equal(t, "1", answers[0].Value)
			}
		})
	}
}

// TestSearch: the search prints and draws its trials, in the same way in every run.
func TestSearch(t *testing.T) {
	var outputs []string
	for range 2 {
		var stdout, stderr bytes.Buffer
		out := t.TempDir()
		args := []string{"-search", "6", "-epochs", "9", "-out", out}
		require.Equal(t, 0, run(context.Background(), args, &stdout, &stderr), stderr.String())
		assert.FileExists(t, filepath.Join(out, trialsPicture))
		outputs = append(outputs, strings.ReplaceAll(stdout.String(), out, "out"))
	}
	assert.Contains(t, outputs[0], "trial  budget  score")
	assert.Equal(t, outputs[0], outputs[1])
	assert.Equal(t, []int{2}, budgets(2))
	assert.Equal(t, []int{1, 3, 9}, budgets(9))
}

// TestRare: a class with one row, which only one part has, is no error, and neither is a table of few rows.
func TestRare(t *testing.T) {
	text := "size,kind\n"
	for i := range 12 {
		text += fmt.Sprintf("%d,%s\n", i, []string{"even", "odd"}[i%2])
	}
	path := filepath.Join(t.TempDir(), "x.csv")
	for _, rows := range []string{text, text + "7,rare\n", "size,kind\n1,a\n2,b\n3,a\n4,b\n5,a\n"} {
		require.NoError(t, os.WriteFile(path, []byte(rows), 0o644))
		for seed := range 3 {
			var stdout, stderr bytes.Buffer
			args := []string{"-csv", path, "-target", "kind", "-epochs", "2", "-units", "4", "-out", t.TempDir(), "-seed", fmt.Sprint(seed)}
			require.Equal(t, 0, run(context.Background(), args, &stdout, &stderr), stderr.String())
		}
	}
}

// TestDecimal: numbers with a decimal comma are read with any separator.
func TestDecimal(t *testing.T) {
	for _, comma := range []string{";", "\t", "|"} {
		t.Run(comma, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.csv")
			require.NoError(t, os.WriteFile(path, []byte("size"+comma+"kind\n1,5"+comma+"a\n2,5"+comma+"b\n"), 0o644))
			s := defaults
			s.CSV, s.Target, s.Comma, s.Decimal = path, "kind", comma, ","
			table, _, err := s.load()
			require.NoError(t, err)
			require.Equal(t, graph.KindNumber, table.Fields()[0].Kind)
		})
	}
}

func TestRunErrors(t *testing.T) {
	for want, args := range map[string][]string{
		`-csv and -target: got "x" and "", want both or none`:                {"-csv", "x"},
		`-data: got "x", want one of iris, wine, cancer, digits, diabetes`:   {"-data", "x"},
		`-task: got "x", want auto, classes or number`:                       {"-task", "x"},
		`got argument "x", want flags only`:                                  {"x"},
		`-comma: got "xx", want one character`:                               {"-comma", "xx"},
		`-comma: got "", want one character`:                                 {"-comma", ""},
		`-decimal: got "x", want . or ,`:                                     {"-decimal", "x"},
		`-decimal: got ",", want another character than -comma`:              {"-decimal", ","},
		`-out: got an empty name, want a folder`:                             {"-out="},
		`-search: got -1, want 0 or more`:                                    {"-search", "-1"},
		`-folds: got 1, want 0, or 2 or more`:                                {"-folds", "1"},
		`-folds: got -1, want 0 or more`:                                     {"-folds", "-1"},
		`-repeats: got 0, want 1 or more`:                                    {"-repeats", "0"},
		`-units: got 0, want 1 or more`:                                      {"-units", "0"},
		`-epochs: got 0, want 1 or more`:                                     {"-epochs", "0"},
		`-batch: got -1, want 1 or more`:                                     {"-batch", "-1"},
		`-patience: got 0, want 1 or more`:                                   {"-patience", "0"},
		`-dropout: got 1, want 0 or more and below 1`:                        {"-dropout", "1"},
		`-smoothing: got NaN, want 0 or more and below 1`:                    {"-smoothing", "NaN"},
		`-lr: got -1, want 0 to 1`:                                           {"-lr", "-1"},
		`-data: got it beside -csv, want one of them`:                        {"-csv", "x", "-target", "y", "-data", "iris"},
		`-comma: got it without -csv, want both or none`:                     {"-comma", ";"},
		`-decimal: got it without -csv, want both or none`:                   {"-decimal", "."},
		`-task: got it without -csv, want both or none`:                      {"-task", "number"},
		`-repeats: got it without -folds, want both or none`:                 {"-repeats", "3"},
		`-lr: got it beside -search, want one of them`:                       {"-lr", "0.1", "-search", "2"},
		`-decay: got it beside -search, want one of them`:                    {"-decay", "0.1", "-search", "2"},
		`-dropout: got it beside -search, want one of them`:                  {"-dropout", "0.1", "-search", "2"},
		`-units: got it beside -search, want one of them`:                    {"-search", "2", "-units", "8"},
		`-decay: got 101, want 0 to 100`:                                     {"-decay", "101"},
		`-seed: got "-1", want an integer, 0 or more; -help lists the flags`: {"-seed", "-1"},
	} {
		t.Run(want, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			assert.Equal(t, 2, run(context.Background(), args, &stdout, &stderr))
			assert.Contains(t, stderr.String(), want)
		})
	}
	t.Run("no file", func(t *testing.T) {
		var stdout, stderr bytes.Buffer
		assert.Equal(t, 1, run(context.Background(), []string{"-csv", "no.csv", "-target", "x"}, &stdout, &stderr))
		assert.Contains(t, stderr.String(), "no.csv: no such file")
	})
	var stdout bytes.Buffer
	assert.Equal(t, 0, run(context.Background(), []string{"-help"}, &stdout, &stdout))
	assert.Contains(t, stdout.String(), "-patience")
}
