//go:build linux && !race

package region

import (
	"unsafe"

	"golang.org/x/sys/unix"
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
	first, err := unix.MmapPtr(-1, 0, nil, uintptr(room), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON|unix.MAP_NORESERVE)
	if err != nil {
		return nil, nil
	}
	all = unsafe.Slice((*byte)(first), room)
	if size < hugePage {
		return all, all
	}
	skip := int(-uintptr(first) & (hugePage - 1))
	use = all[skip : skip+size]
	preferHuge(use)
	return use, all
}

// given says whether the system gives addresses for size bytes, and memory for the part of them that will surely be used.
func given(size, used int) bool { return mappable(size, unix.MAP_NORESERVE) && mappable(used, 0) }

// mappable says whether size bytes can be mapped. Without MAP_NORESERVE the system refuses what it can never have.
func mappable(size, flags int) bool {
	first, err := unix.MmapPtr(-1, 0, nil, uintptr(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON|flags)
	if err != nil {
		return false
	}
	unmap(unsafe.Slice((*byte)(first), size))
	return true
}

// preferHuge asks for huge pages where a part is large enough for one.
func preferHuge(use []byte) {
	if len(use) >= hugePage {
		_ = unix.Madvise(use, unix.MADV_HUGEPAGE) // it is advice: a refusal does not matter
	}
}

// remap moves the pages of use, a part of all, to where there is room for size bytes, zeros behind them. It returns nil, and
// changes nothing, where the system does not do it.
func remap(use, all []byte, size int) (newUse, newAll []byte) {
	newUse, newAll = mapZero(size)
	if newUse == nil {
		return nil, nil
	}
	before, pages := offset(use, all), wholePages(len(use))
	_, err := unix.MremapPtr(unsafe.Pointer(&use[0]), uintptr(pages), unsafe.Pointer(&newUse[0]), uintptr(wholePages(size)),
		unix.MREMAP_MAYMOVE|unix.MREMAP_FIXED)
	if err != nil {
		unmap(newAll)
		return nil, nil
	}
	preferHuge(newUse) // the pages came with what had been asked for them, which for a small region is nothing
	// What lay around the pages to align them. Where they lay, something else may be by now.
	unmap(all[:before])
	unmap(all[min(before+pages, len(all)):])
	return newUse, newAll
}

// offset returns where a part begins.
func offset(part, all []byte) int {
	return int(uintptr(unsafe.Pointer(&part[0])) - uintptr(unsafe.Pointer(&all[0])))
}

// forget gives the memory of what will not be used again back to the system, as far as it fills pages.
func forget(bytes []byte) {
	page := uintptr(unix.Getpagesize())
	skip := -uintptr(unsafe.Pointer(&bytes[0])) & (page - 1)
	if whole := (uintptr(len(bytes)) - min(skip, uintptr(len(bytes)))) / page * page; whole > 0 {
		_ = unix.Madvise(bytes[skip:skip+whole], unix.MADV_DONTNEED) // it is advice
	}
}

// wholePages rounds a size up to whole pages.
func wholePages(size int) int {
	page := unix.Getpagesize()
	return (size + page - 1) / page * page
}

func unmap(all []byte) {
	if len(all) == 0 {
		return
	}
	if err := unix.MunmapPtr(unsafe.Pointer(&all[0]), uintptr(len(all))); err != nil {
		panic("region: unmap: " + err.Error())
	}
}
