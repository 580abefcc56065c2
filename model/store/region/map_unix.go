//go:build (linux || darwin) && !race

package region

import (
	"syscall"
	"unsafe"
)

// hugePage is the size of the pages that large regions are aligned to: random access to them is bound by address
// translation otherwise.
const hugePage = 1 << 21

// mapZero maps size bytes of zeros, in huge pages where the system has them; nil if it does not give them. The slice is the part to
// use of all, which is what unmap takes.
func mapZero(size int) (use, all []byte) {
	room := size
	if size >= hugePage {
		room += hugePage
	}
	all, err := syscall.Mmap(-1, 0, room, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON)
	if err != nil {
		return nil, nil
	}
	skip := 0
	if size >= hugePage {
		skip = int(-uintptr(unsafe.Pointer(&all[0])) & (hugePage - 1))
		adviseHuge(all[skip : skip+size])
	}
	return all[skip : skip+size], all
}

func unmap(all []byte) {
	if err := syscall.Munmap(all); err != nil {
		panic("region: unmap: " + err.Error())
	}
}
