package collective

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/bits"
	"reflect"
)

// A Group is what graph.Group is.
type Group interface {
	Rank() int
	Size() int
	Exchange(ctx context.Context, partner int, out, in []byte) error
}

// Check returns an error unless there is a group, its size is a power of two and its rank is below it.
func Check(g Group) error {
	if v := reflect.ValueOf(g); !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return fmt.Errorf("got no group, want one")
	}
	if n := g.Size(); n < 1 || bits.OnesCount(uint(n)) != 1 {
		return fmt.Errorf("got a group of size %d, want a power of two", n)
	}
	if r := g.Rank(); r < 0 || r >= g.Size() {
		return fmt.Errorf("got rank %d in a group of size %d, want 0 to %d", r, g.Size(), g.Size()-1)
	}
	return nil
}

// firstPart is the size of the first part of a message, with the length of all of it in front. Most messages fit.
const firstPart = 1 << 10

// Gather returns the messages of all ranks, in their order (recursive doubling: each exchange doubles what a rank has).
func Gather(ctx context.Context, g Group, message []byte) ([][]byte, error) {
	if err := Check(g); err != nil {
		return nil, err
	}
	list := [][]byte{message}
	for bit := 1; bit < g.Size(); bit <<= 1 {
		theirs, err := trade(ctx, g, g.Rank()^bit, join(list))
		if err != nil {
			return nil, err
		}
		others, err := split(theirs)
		if err == nil && len(others) != len(list) {
			err = fmt.Errorf("got %d messages, want %d", len(others), len(list))
		}
		if err != nil {
			return nil, fmt.Errorf("rank %d: %w", g.Rank()^bit, err)
		}
		if g.Rank()&bit == 0 {
			list = append(list, others...)
		} else {
			list = append(others, list...)
		}
	}
	return list, nil
}

// Broadcast returns rank 0's message on all ranks.
func Broadcast(ctx context.Context, g Group, message []byte) ([]byte, error) {
	if err := Check(g); err != nil {
		return nil, err
	}
	for bit := 1; bit < g.Size(); bit <<= 1 { // after it, the ranks below 2·bit have the message
		switch rank := g.Rank(); {
		case rank < bit:
			if _, err := trade(ctx, g, rank|bit, message); err != nil {
				return nil, err
			}
		case rank < 2*bit:
			theirs, err := trade(ctx, g, rank^bit, nil)
			if err != nil {
				return nil, err
			}
			message = theirs
		}
	}
	return message, nil
}

// Barrier returns when all ranks have called it.
func Barrier(ctx context.Context, g Group) error {
	_, err := Gather(ctx, g, nil)
	return err
}

// trade sends a message of any length to a partner and returns the partner's.
func trade(ctx context.Context, g Group, partner int, message []byte) ([]byte, error) {
	out, in := make([]byte, firstPart), make([]byte, firstPart)
	binary.LittleEndian.PutUint64(out, uint64(len(message)))
	copy(out[8:], message)
	if err := g.Exchange(ctx, partner, out, in); err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint64(in)
	if n > 1<<40 {
		return nil, fmt.Errorf("rank %d: got a message of %d bytes, want at most 2^40", partner, n)
	}
	const room = firstPart - 8
	if n <= room && len(message) <= room {
		return in[8 : 8+n], nil
	}
	theirs := make([]byte, n)
	copy(theirs, in[8:])
	err := g.Exchange(ctx, partner, message[min(room, len(message)):], theirs[min(room, len(theirs)):])
	return theirs, err
}

// join makes one message of several.
func join(list [][]byte) []byte {
	var all []byte
	for _, m := range list {
		all = append(binary.LittleEndian.AppendUint64(all, uint64(len(m))), m...)
	}
	return all
}

// split is the inverse of join.
func split(all []byte) (list [][]byte, err error) {
	for len(all) > 0 {
		if len(all) < 8 || binary.LittleEndian.Uint64(all) > uint64(len(all)-8) {
			return nil, fmt.Errorf("got a message that ends early")
		}
		n := binary.LittleEndian.Uint64(all)
		list, all = append(list, all[8:8+n]), all[8+n:]
	}
	return list, nil
}
