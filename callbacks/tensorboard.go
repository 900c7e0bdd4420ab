package callbacks

import (
	"errors"
	"fmt"
	"image"
	"path/filepath"

	"github.com/nndiy/nndiy/callbacks/internal/tfevents"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// TensorBoard writes what TensorBoard shows: every log value of each epoch under its name, and what is asked for besides. Each
// training adds a file to the folder; everything of an epoch is in it as the epoch ends. TensorBoard keeps numbers as float32. When
// training resumes, it goes on in the file of the checkpoint, and what was written there after the checkpoint goes.
type TensorBoard struct {
	Dir             string                                    // folder, made if it is not there: a training's own, below the one that TensorBoard is given
	StepEvery       int                                       // steps between values of step/train_loss, the mean of the epoch so far, and step/learning_rate; 0 is none
	HistogramsEvery int                                       // epochs between histograms of the parameters, under their names; 0 is none
	Images          func(r *graph.Run) ([]TaggedImage, error) // called as an epoch ends; nil is no images
	ImagesEvery     int                                       // epochs between images; 0 is 1

	file    *eventFile
	name    string // of the file
	size    int64  // of the file after the last event
	resumed bool   // from a checkpoint, whose file is opened with the first event
}

// A TaggedImage is a picture and the name under which TensorBoard shows it.
type TaggedImage struct {
	Tag   string
	Image image.Image
}

var _ graph.Stateful = (*TensorBoard)(nil)

// Handle implements graph.Callback.
func (t *TensorBoard) Handle(r *graph.Run, e graph.Event) error {
	var err error
	switch e {
	case graph.TrainBegin:
		err = t.begin(r.Resumed)
	case graph.StepEnd:
		err = t.step(r)
	case graph.EpochEnd:
		err = t.epoch(r)
	case graph.TrainEnd:
		file := t.file
		t.file = nil
		err = file.close()
	}
	if err != nil {
		return fmt.Errorf("callbacks: TensorBoard: %w", err)
	}
	return nil
}

func (t *TensorBoard) begin(resumed bool) (err error) {
	t.file, t.name, t.size, t.resumed = nil, "", 0, resumed
	if t.Dir == "" {
		return errors.New("Dir: got none, want a folder")
	}
	err = settings.Check(settings.Count("StepEvery", t.StepEvery, 0), settings.Count("HistogramsEvery", t.HistogramsEvery, 0),
		settings.Count("ImagesEvery", t.ImagesEvery, 0))
	if err != nil || resumed {
		return err
	}
	return t.open()
}

// open opens the file to write: another, or that of the checkpoint that training goes on from.
func (t *TensorBoard) open() (err error) {
	if t.resumed {
		t.file, err = continueEventFile(t.Dir, t.name, t.size)
	} else {
		t.file, err = newEventFile(t.Dir)
	}
	if err == nil {
		t.name = filepath.Base(t.file.Name())
		t.size, err = t.file.size()
	}
	return err
}

// write writes the values of a step.
func (t *TensorBoard) write(step int, values ...tfevents.Value) error {
	if t.file == nil {
		if err := t.open(); err != nil {
			return err
		}
	}
	err := t.file.events.Write(int64(step), values...)
	if err == nil {
		t.size, err = t.file.size()
	}
	return err
}

// State implements graph.Stateful.
func (t *TensorBoard) State() graph.State { return graph.State{"file": &t.name, "size": &t.size} }

// step writes the values of a step that is due.
func (t *TensorBoard) step(r *graph.Run) error {
	if t.StepEvery == 0 || r.Total%t.StepEvery != 0 {
		return nil
	}
	return t.write(r.Total, tfevents.Scalar("step/train_loss", r.Loss), tfevents.Scalar("step/"+rateName, r.Rate))
}

// epoch writes the values of an epoch.
func (t *TensorBoard) epoch(r *graph.Run) error {
	var values []tfevents.Value
	for _, name := range columns(r.Logs) {
		values = append(values, tfevents.Scalar(name, r.Logs[name]))
	}
	if t.HistogramsEvery > 0 && r.Epoch%t.HistogramsEvery == 0 {
		list, err := histograms(r.Model.Weights())
		if err != nil {
			return err
		}
		values = append(values, list...)
	}
	if t.Images != nil && r.Epoch%settings.Or(t.ImagesEvery, 1) == 0 {
		list, err := t.images(r)
		if err != nil {
			return err
		}
		values = append(values, list...)
	}
	return t.write(r.Epoch, values...)
}

func (t *TensorBoard) images(r *graph.Run) (values []tfevents.Value, err error) {
	list, err := t.Images(r)
	if err != nil {
		return nil, fmt.Errorf("Images: %w", err)
	}
	for _, i := range list {
		if i.Tag == "" || i.Image == nil {
			return nil, fmt.Errorf("Images: got the tag %q and an image of type %T, want both", i.Tag, i.Image)
		}
		v, err := tfevents.Image(i.Tag, i.Image)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}

// histograms returns the values of the parameters.
func histograms(weights graph.Weights) (values []tfevents.Value, err error) {
	for _, name := range weights.Names() {
		var v tfevents.Value
		switch list := weights[name].Data().(type) {
		case []float32:
			v, err = tfevents.Histogram(name, list)
		case []float64:
			v, err = tfevents.Histogram(name, list)
		case float32: // a parameter without dimensions
			v, err = tfevents.Histogram(name, []float32{list})
		case float64:
			v, err = tfevents.Histogram(name, []float64{list})
		}
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}
