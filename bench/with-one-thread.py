import sys
from threading import Lock
from time import perf_counter


def loop(lock, pairs):
    for _ in range(pairs):
        with lock:
            pass


if __name__ == "__main__":
    began = perf_counter()
    loop(Lock(), int(sys.argv[1]))
    print("seconds", perf_counter() - began)
