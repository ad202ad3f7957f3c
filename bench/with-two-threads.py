import sys
from threading import Barrier, Lock, Thread
from time import perf_counter


def worker(lock, barrier, pairs):
    barrier.wait()
    for _ in range(pairs):
        with lock:
            pass


if __name__ == "__main__":
    lock, barrier = Lock(), Barrier(3)
    workers = [Thread(target=worker, args=(lock, barrier, int(sys.argv[1]))) for _ in range(2)]
    for each in workers:
        each.start()
    barrier.wait()
    began = perf_counter()
    for each in workers:
        each.join()
    print("seconds", perf_counter() - began)
