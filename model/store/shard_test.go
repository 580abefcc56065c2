package store

import (
	"testing"
	"unsafe"
)

// TestShardsShareNoLine: a shard whose size is no multiple of a cache line would share one with its neighbour, and their locks would slow each
// other down.
func TestShardsShareNoLine(t *testing.T) {
	const line = 64
	if size := unsafe.Sizeof(shard{}); size%line != 0 {
		t.Errorf("a shard has %d bytes, expected a multiple of %d: fill up the last line", size, line)
	}
}
