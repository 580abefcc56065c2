"""The hold model on SimPy 2: 1000 processes, each of which waits an exponential time, again and again."""

import random
import time

from SimPy.Simulation import Process, activate, hold, initialize, simulate

PROCESSES = 1000
EVENTS = 500_000

random.seed(1)
WAITS = [random.expovariate(1) for _ in range(1 << 14)]


class Holder(Process):
    """A process that counts how often it wakes up."""

    done = 0

    def run(self, first):
        i = first
        while True:
            i += 1
            yield hold, self, WAITS[i & 16383]
            Holder.done += 1


def run(events):
    Holder.done = 0
    initialize()
    for i in range(PROCESSES):
        holder = Holder()
        activate(holder, holder.run(i * 16))
    wall, processor = time.perf_counter(), time.process_time()
    simulate(until=events / PROCESSES)
    return Holder.done, time.perf_counter() - wall, time.process_time() - processor


run(EVENTS // 20)
print("simpy %d %.6f %.6f" % run(EVENTS))
