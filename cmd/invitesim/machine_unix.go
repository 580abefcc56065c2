//go:build unix

package main

import (
	"bytes"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
)

func ignoreFileSizeSignal() { signal.Ignore(syscall.SIGXFSZ) }

// processorSeconds returns the processor time that this process has used, in seconds.
func processorSeconds() float64 {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return seconds(usage.Utime) + seconds(usage.Stime)
}

func seconds(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }

// peakMemory returns the most memory that this process ever held, in bytes. Linux is asked for its high-water mark,
// because the figure of getrusage is inherited from the process that started this one.
func peakMemory() uint64 {
	status, err := os.ReadFile("/proc/self/status")
	if err == nil {
		return highWaterMark(status)
	}
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return uint64(usage.Maxrss)
	}
	return uint64(usage.Maxrss) * 1024
}

// highWaterMark reads the line `VmHWM:  1234 kB`; 0 where there is none.
func highWaterMark(status []byte) uint64 {
	for line := range bytes.Lines(status) {
		fields := bytes.Fields(line)
		if len(fields) == 3 && string(fields[0]) == "VmHWM:" {
			kilobytes, err := strconv.ParseUint(string(fields[1]), 10, 64)
			if err == nil {
				return kilobytes * 1024
			}
		}
	}
	return 0
}
