//go:build (!amd64 && !js && !arm64) || noasm

package kernels

// forms are the forms of this build.
var forms = []ISA{Generic}

const fewElements, narrowCols = 0, 0

// detect returns Generic: this build has no assembly.
func detect() ISA { return Generic }
