package callbacks_test

import (
	"errors"
	"fmt"
	"image"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/callbacks/internal/eventtest"
	"github.com/nndiy/nndiy/graph"
)

// eventFiles returns the events of each file of a folder, in the order of the files' names.
func eventFiles(t *testing.T, dir string) (files [][]eventtest.Event) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile(`^events\.out\.tfevents\.\d{10}\.[^/\\:]+\.\d+\.\d+$`)
	for _, entry := range entries {
		if !name.MatchString(entry.Name()) {
			t.Errorf("got file %s, want another name", entry.Name())
		}
		file, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		events, err := eventtest.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, events)
	}
	return files
}

// lines returns a line for each value of the events.
func lines(events []eventtest.Event) (list []string) {
	for _, e := range events {
		for _, v := range e.Values {
			line := fmt.Sprintf("%d %s", e.Step, v.Tag)
			switch {
			case v.Scalar != nil:
				line += fmt.Sprintf(" %v", *v.Scalar)
			case v.Histogram != nil:
				line += fmt.Sprintf(" [%v %v] %v", v.Histogram.Min, v.Histogram.Max, v.Histogram.Counts)
			case v.Image != nil:
				line += fmt.Sprintf(" %d×%d", v.Image.Width, v.Image.Height)
			}
			list = append(list, line)
		}
	}
	return list
}

// TestTensorBoard logs every kind of value; a second run writes a second file.
func TestTensorBoard(t *testing.T) {
	m := gate(t)
	board := &callbacks.TensorBoard{
		Dir: filepath.Join(t.TempDir(), "runs", "1"), StepEvery: 2, HistogramsEvery: 2, ImagesEvery: 2,
		Images: func(r *graph.Run) ([]callbacks.TaggedImage, error) {
			return []callbacks.TaggedImage{{Tag: "epoch", Image: image.NewGray(image.Rect(0, 0, r.Epoch, 5))}}, nil
		},
	}
	for range 2 {
		s := script{rate: 0.5, steps: 3, logs: []graph.Logs{{"train_loss": 3, "learning_rate": 0.5}, {"train_loss": math.Inf(1)}}}
		s.run.Model = m
		if err := s.play(training(t, m), board); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"2 step/train_loss 3", "2 step/learning_rate 0.5",
		"1 train_loss 3", "1 learning_rate 0.5",
		"4 step/train_loss +Inf", "4 step/learning_rate 0.5", "6 step/train_loss +Inf", "6 step/learning_rate 0.5",
		"2 train_loss +Inf", "2 gate [2 2] [1]", "2 epoch 2×5",
	}
	files := eventFiles(t, board.Dir)
	if len(files) != 2 {
		t.Fatalf("got %d files, want 2", len(files))
	}
	for _, events := range files {
		if got := lines(events); !slices.Equal(got, want) {
			t.Errorf("got\n%q\nwant\n%q", got, want)
		}
	}
}

// TestTensorBoardGrows reads the file at the end of each epoch.
func TestTensorBoardGrows(t *testing.T) {
	dir := t.TempDir()
	s := script{logs: losses(3, 2)}
	err := s.play(&callbacks.TensorBoard{Dir: dir}, graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
		if got := lines(eventFiles(t, dir)[0]); e == graph.EpochEnd && len(got) != r.Epoch {
			t.Errorf("epoch %d: got %q", r.Epoch, got)
		}
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
}

func TestTensorBoardErrors(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	empty := image.NewGray(image.Rectangle{})
	images := func(list []callbacks.TaggedImage, err error) func(*graph.Run) ([]callbacks.TaggedImage, error) {
		return func(*graph.Run) ([]callbacks.TaggedImage, error) { return list, err }
	}
	for _, c := range []struct {
		why   string
		board callbacks.TensorBoard
		want  string
	}{
		{"no folder", callbacks.TensorBoard{}, "callbacks: TensorBoard: Dir: got none, want a folder"},
		{"a file as the folder", callbacks.TensorBoard{Dir: file}, "not a directory"},
		{"a negative number", callbacks.TensorBoard{Dir: dir, StepEvery: -1}, "callbacks: TensorBoard: StepEvery: got -1, want 0 or more"},
		{"an error of Images", callbacks.TensorBoard{Dir: dir, Images: images(nil, errors.New("oops"))}, "callbacks: TensorBoard: Images: oops"},
		{"a tag without an image", callbacks.TensorBoard{Dir: dir, Images: images([]callbacks.TaggedImage{{Tag: "a"}}, nil)},
			`Images: got the tag "a" and an image of type <nil>, want both`},
		{"an empty image", callbacks.TensorBoard{Dir: dir, Images: images([]callbacks.TaggedImage{{Tag: "a", Image: empty}}, nil)}, `image "a"`},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := script{logs: losses(1)}
			wantError(t, s.play(&c.board), c.want)
		})
	}
}

// TestTensorBoardValid: validations within an epoch are written with their steps.
func TestTensorBoardValid(t *testing.T) {
	board := &callbacks.TensorBoard{Dir: t.TempDir()}
	r := &graph.Run{Config: graph.FitConfig{ValidEvery: 3}, Total: 6, ValidLogs: graph.Logs{"valid_loss": 2, "valid_accuracy": 0.5}}
	for _, e := range []graph.Event{graph.TrainBegin, graph.ValidEnd, graph.TrainEnd} {
		if err := board.Handle(r, e); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := lines(eventFiles(t, board.Dir)[0]), []string{"6 step/valid_accuracy 0.5", "6 step/valid_loss 2"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
