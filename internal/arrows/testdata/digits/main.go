// Command digits prints how many images MNIST has.
package main

import (
	"fmt"

	"github.com/nndiy/nndiy/datasets"
)

func main() {
	train, test, err := datasets.MNIST()
	fmt.Println(train.Len(), test.Len(), err)
}
