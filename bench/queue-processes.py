import sys
from multiprocessing import Barrier, Process, Queue
from time import perf_counter


def producer(q, barrier, items):
    barrier.wait()
    for i in range(items):
        q.put(i)


def consumer(q, barrier, items):
    barrier.wait()
    for _ in range(items):
        q.get()


if __name__ == "__main__":
    q, barrier, items = Queue(100), Barrier(3), int(sys.argv[1])
    workers = [Process(target=target, args=(q, barrier, items)) for target in (producer, consumer)]
    for each in workers:
        each.start()
    barrier.wait()
    began = perf_counter()
    for each in workers:
        each.join()
    print("seconds", perf_counter() - began)
