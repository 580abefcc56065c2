//go:build linux && !race

package region

import "syscall"

// adviseHuge asks for huge pages. It is advice, so a refusal does not matter.
func adviseHuge(bytes []byte) { _ = syscall.Madvise(bytes, syscall.MADV_HUGEPAGE) }
