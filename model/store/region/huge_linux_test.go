//go:build !race

package region_test

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"invitesim/model/store/region"
)

// TestGrownRegionsPreferHugePages grows a region that was too small for them.
func TestGrownRegionsPreferHugePages(t *testing.T) {
	if _, err := os.Stat("/sys/kernel/mm/transparent_hugepage"); err != nil {
		t.Skip("this system has no huge pages to ask for")
	}
	large := region.New[uint64](1 << 20)
	defer large.Release()
	if !prefersHuge(t, &large.Data[0]) {
		t.Fatal("a large region does not ask for huge pages")
	}
	grown := region.New[uint64](1 << 17)
	defer grown.Release()
	grown.Data[0] = 7
	grown.Grow(1 << 20)
	if grown.Data[0] != 7 {
		t.Errorf("element 0 is %d after growth, expected 7", grown.Data[0])
	}
	if !prefersHuge(t, &grown.Data[0]) {
		t.Error("a region that has become large does not ask for huge pages")
	}
}

// prefersHuge says whether the system was asked for huge pages where an element lies: the flag hg of proc(5).
func prefersHuge(t *testing.T, element *uint64) bool {
	t.Helper()
	maps, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	defer maps.Close()
	address, here := uint64(uintptr(unsafe.Pointer(element))), false
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		var from, to uint64
		if n, _ := fmt.Sscanf(lines.Text(), "%x-%x ", &from, &to); n == 2 {
			here = from <= address && address < to
		}
		if flags, ok := strings.CutPrefix(lines.Text(), "VmFlags:"); ok && here {
			return slices.Contains(strings.Fields(flags), "hg")
		}
	}
	t.Fatalf("no mapping holds %#x", address)
	return false
}
