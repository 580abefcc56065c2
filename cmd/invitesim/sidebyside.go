package main

import "sync"

// sideBySide does n things in the order of their numbers, from 0 on, as many at a time as there are workers, and returns when all are done.
func sideBySide(n, workers int, do func(number int)) {
	waiting := make(chan int)
	var group sync.WaitGroup
	for range min(workers, n) {
		group.Go(func() {
			for number := range waiting {
				do(number)
			}
		})
	}
	for number := range n {
		waiting <- number
	}
	close(waiting)
	group.Wait()
}
