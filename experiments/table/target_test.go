package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEqualTargets: test rows whose targets are equal, as one row or many zeros have, leave R² undefined, and the run tells its results all
// the same.
func TestEqualTargets(t *testing.T) {
	for name, y := range map[string]func(i int) string{
		"few rows":            func(i int) string { return fmt.Sprint(float64(i) + 0.5) },
		"a constant":          func(int) string { return "5.5" },
		"equal as float32":    func(i int) string { return fmt.Sprint(1e9 + float64(i%7)/2) },
		"mostly zero":         func(i int) string { return []string{"0", "0.5"}[max(0, i-28)] },
		"many rows, no fault": func(i int) string { return fmt.Sprint(float64(i*i) / 7) },
	} {
		t.Run(name, func(t *testing.T) {
			rows := 30
			if name == "few rows" {
				rows = 5
			}
			text := "x,y\n"
			for i := range rows {
				text += fmt.Sprintf("%d,%s\n", i, y(i))
			}
			dir := t.TempDir()
			path := filepath.Join(dir, "x.csv")
			require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
			var stdout, stderr bytes.Buffer
			args := []string{"-csv", path, "-target", "y", "-task", "number", "-epochs", "2", "-units", "4", "-out", dir, "-json", "-folds", "2", "-repeats", "1"}
			require.Equal(t, 0, run(context.Background(), args, &stdout, &stderr), stderr.String())
			require.Equal(t, name != "many rows, no fault", strings.Contains(stdout.String(), "\nAll test rows have the same y, so the scores say little.\n"))
			lines := strings.Split(strings.TrimSpace(stdout.String()), "\n")
			require.NoError(t, json.Unmarshal([]byte(lines[len(lines)-1]), &result{}))
			require.FileExists(t, filepath.Join(dir, predictions))
		})
	}
}

// TestWrongTargets: targets that nothing can be learned from are errors of the flag.
func TestWrongTargets(t *testing.T) {
	for want, values := range map[string][]string{
		`-target: row 3 of the data: got no value in column "y", want one in each row`:                {"a", "b", "", "b"},
		`-target: row 2 of the data: got no value in column "y", want one in each row`:                {"1.5", "NA", "2.5", "3.5"},
		`-target: got one class in column "y", want two or more`:                                      {"a", "a", "a"},
		`-target: got times in column "y", want numbers or classes; -task classes takes them as such`: {"2024-01-01", "2024-01-02", "2024-01-03"},
	} {
		t.Run(want, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "x.csv")
			require.NoError(t, os.WriteFile(path, []byte("x,y\n1,"+strings.Join(values, "\n1,")+"\n"), 0o644))
			var stdout, stderr bytes.Buffer
			require.Equal(t, 1, run(context.Background(), []string{"-csv", path, "-target", "y", "-out", dir}, &stdout, &stderr))
			require.Equal(t, "table: "+want+"\n", stderr.String())
		})
	}
}
