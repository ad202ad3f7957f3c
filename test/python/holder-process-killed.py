"""A lock whose holder was killed stays locked."""
from multiprocessing import Lock, Process, SimpleQueue
from time import sleep

from say import say


def holder(lock, ready):
    with lock:
        ready.put("here")
        sleep(30)


if __name__ == "__main__":
    lock, ready = Lock(), SimpleQueue()
    p = Process(target=holder, args=(lock, ready))
    p.start()
    ready.get()
    p.kill()
    p.join()
    say(str(lock.acquire(timeout=0.05)).lower())
