package judge

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestLessons: there are ten lessons. Each has its tests and its answers, and ends with two exercises; the README leads through them
// in their order.
func TestLessons(t *testing.T) {
	page, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	folders, err := filepath.Glob("../../[0-9]*")
	if err != nil || len(folders) != 10 {
		t.Fatalf("got %d lessons, %v, want 10", len(folders), err)
	}
	exercises := regexp.MustCompile(`\n// Exercise 1\. [^\n]*\n(//[^\n]*\n)*var exercise1 (?s:.*)\n// Exercise 2\. [^\n]*\n(//[^\n]*\n)*var exercise2 `)
	rest := string(page)
	for i, folder := range folders {
		for _, name := range []string{"main_test.go", "answers_test.go"} {
			if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
				t.Error(err)
			}
		}
		source, err := os.ReadFile(filepath.Join(folder, "main.go"))
		if err != nil {
			t.Fatal(err)
		}
		if !exercises.Match(source) {
			t.Errorf("%s/main.go: got no two exercises at the end", folder)
		}
		var found bool
		if _, rest, found = strings.Cut(rest, "\n## "+strconv.Itoa(i+1)+". "); !found {
			t.Fatalf("README.md: got no heading of lesson %d after those before it", i+1)
		}
		section, _, _ := strings.Cut(rest, "\n## ")
		if _, _, err := block(section, filepath.Base(folder)); err != nil || strings.Count(section, "*Exercises:*") != 1 {
			t.Errorf("README.md: lesson %d: got %v, want its output and one line on its exercises", i+1, err)
		}
	}
}
