package judge

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// answers are a reader's, for the exercise "return 42".
var answers = map[string]func() int{
	"none":  nil,
	"right": func() int { return 42 },
	"wrong": func() int { return 41 },
	"panic": func() int { return []int{}[42] },
	"fatal": func() int { return -1 },

	"a judge that accepts all":  nil,
	"a judge that accepts none": nil,
}

// TestReader is what go test runs for a reader; TestExercise starts it in a process of its own.
func TestReader(t *testing.T) {
	name := os.Getenv("JUDGE_ANSWER")
	answer, ok := answers[name]
	if !ok {
		t.Skip("runs only within TestExercise")
	}
	Exercise[func() int]{
		Number: 7, Answer: answer,
		Right: []func() int{func() int { return 42 }},
		Wrong: []Wrong[func() int]{{"zero", func() int { return 0 }, "got 0"}},
		Judge: func(t testing.TB, answer func() int) {
			switch got := answer(); {
			case name == "a judge that accepts all":
			case name == "a judge that accepts none":
				t.Error("no")
			case got < 0:
				t.Fatalf("got %d, want a positive number", got)
				t.Error("not reached")
			case got != 42:
				t.Errorf("got %d, want 42", got)
			}
		},
	}.Test(t)
}

func TestExercise(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"none":  "exercise 7: not answered yet",
		"right": "--- PASS: TestReader/answer",
		"wrong": "exercise 7: got 41, want 42",
		"panic": "exercise 7: the answer panics: runtime error: index out of range",
		"fatal": "exercise 7: got -1, want a positive number\n",

		"a judge that accepts all":  `got "", want an error with "got 0"`,
		"a judge that accepts none": `got "no", want no error`,
	} {
		t.Run(name, func(t *testing.T) {
			command := exec.Command(program, "-test.run", "^TestReader$", "-test.v")
			command.Env = append(os.Environ(), "JUDGE_ANSWER="+name)
			out, err := command.CombinedOutput()
			if passes := name == "none" || name == "right"; (err == nil) != passes || !strings.Contains(string(out), want) || strings.Contains(string(out), "not reached") {
				t.Errorf("got %v and\n%s\nwant %q", err, out, want)
			}
		})
	}
}
