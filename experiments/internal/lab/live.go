package lab

import (
	"errors"
	"flag"
	"net"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
)

// A LiveFlag is the flag -live: the address at which training shows in a browser, "" for none.
type LiveFlag struct{ addr string }

// Declare declares the flag.
func (v *LiveFlag) Declare(f *flag.FlagSet) {
	f.Func("live", "`address` at which to show training in a browser while the program runs, such as localhost:8080; :0 takes a free port",
		func(text string) error {
			if _, _, err := net.SplitHostPort(text); err != nil {
				return errors.New("want a host and a port, such as localhost:8080")
			}
			listener, err := net.Listen("tcp", text) // before anything is read; Live listens again when training begins
			if err != nil {
				return err
			}
			v.addr = text
			return listener.Close()
		})
}

// Callbacks returns what to give to Lab.Fit: nothing without the flag. The images, nil for none, are shown at the ends of epochs.
func (v *LiveFlag) Callbacks(l *Lab, name string, images func(*graph.Run) ([]callbacks.TaggedImage, error)) []graph.Callback {
	if v.addr == "" {
		return nil
	}
	return []graph.Callback{&callbacks.Live{Addr: v.addr, Name: name, Images: images, Writer: l.Stdout}}
}
