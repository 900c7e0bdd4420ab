//go:build (!amd64 && !arm64 && !js) || noasm

package kernels

// vectorCells returns false: this build has no vector forms, and the function below is not called.
func vectorCells[T Float](int) bool { return false }

func vectorCell(cellOp, **float32, int) { panic("kernels: no vector form") }
