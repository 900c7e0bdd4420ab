// Command predicts prints what the model in a file predicts for the rows of a NumPy file.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	_ "github.com/nndiy/nndiy/layers"
)

func main() {
	x, err := datasets.OpenNPY(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	model, err := graph.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	y, err := model.Predict(context.Background(), x)
	fmt.Println(y, err)
}
