package main

import (
	"flag"
	"log"
	"os"
	"regexp"
)

// A constant that fills a vector of 64 bytes and an instruction of AVX-512 that reads it.
var reading = regexp.MustCompile(`(?m)^\t(\w+)\s+(.*\ball([0-9a-f]{8}|[0-9a-f]{16})<>\+0\(SB\).*\bZ\d+.*)$`)

// broadcastConstants makes the instructions of AVX-512 in the written file read one element of a constant and broadcast it. The linker
// aligns data to 32 bytes, so in every second program a vector of 64 bytes would lie in two lines of cache, and each read of it would
// take twice as long. Avo has these instructions under other names, for which the functions that serve both widths have no room.
func broadcastConstants() {
	path := flag.Lookup("out").Value.String()
	text, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	text = reading.ReplaceAllFunc(text, func(line []byte) []byte {
		m := reading.FindSubmatch(line)
		name := string(m[1]) + ".BCST"
		if name == "VMOVUPS.BCST" {
			name = "VBROADCASTSS"
			if len(m[3]) == 16 {
				name = "VBROADCASTSD"
			}
		}
		return []byte("\t" + name + " " + string(m[2]))
	})
	if err := os.WriteFile(path, text, 0o644); err != nil {
		log.Fatal(err)
	}
}
