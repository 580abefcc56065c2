//go:build !race

package region

import "syscall"

// mapZero maps size bytes of zeros; nil if the system does not give them.
func mapZero(size int) (use, all []byte) {
	all, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON)
	if err != nil {
		return nil, nil
	}
	return all, all
}

// given says whether the system gives addresses for size bytes; how much memory there is it does not tell.
func given(size, _ int) bool {
	use, all := mapZero(size)
	if use == nil {
		return false
	}
	unmap(all)
	return true
}

// remap does nothing: the system cannot move pages.
func remap([]byte, []byte, int) (use, all []byte) { return nil, nil }

func unmap(all []byte) {
	if err := syscall.Munmap(all); err != nil {
		panic("region: unmap: " + err.Error())
	}
}

// forget does nothing: the memory goes with the region that it is a part of.
func forget([]byte) {}
