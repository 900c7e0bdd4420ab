//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package onnx

import (
	"errors"
	"os"
)

const canMap = false

func mapBytes(*os.File, int) ([]byte, error) { return nil, errors.ErrUnsupported }

func unmapBytes([]byte) {}
