package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// interruptible returns a context that ends at the first Ctrl-C (or SIGTERM), so that what was measured can be written;
// the second ends the process at once. A file-size limit becomes an error of the write in place of a signal, so that it
// is treated like a full disk.
func interruptible() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	arrived := make(chan os.Signal, 2)
	signal.Notify(arrived, os.Interrupt, syscall.SIGTERM)
	ignoreFileSizeSignal()
	go func() {
		<-arrived
		cancel()
		<-arrived
		os.Exit(exitInterrupted)
	}()
	return ctx
}
