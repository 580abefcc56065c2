//go:build !linux && !race

package region

func adviseHuge([]byte) {}
