//go:build linux && !race

package region

import "syscall"

// hugePage is the size from which huge pages help.
const hugePage = 1 << 21

// adviseHuge asks for huge pages: random access to large regions is bound by address translation otherwise. It is advice, so a
// refusal does not matter.
func adviseHuge(bytes []byte) {
	if len(bytes) >= 2*hugePage {
		_ = syscall.Madvise(bytes, syscall.MADV_HUGEPAGE)
	}
}
