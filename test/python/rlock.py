"""An rlock is taken again by its owner, released as often, and by nobody else."""
from threading import RLock, Thread

from say import say


def helper(lock):
    say("helper gets it", str(lock.acquire(blocking=False)).lower())
    try:
        lock.release()
    except RuntimeError as error:
        say("RuntimeError:", error)


def ask_helper(lock):
    t = Thread(target=helper, args=(lock,))
    t.start()
    t.join()


if __name__ == "__main__":
    lock = RLock()
    lock.acquire()
    lock.acquire()
    lock.release()
    ask_helper(lock)
    lock.release()
    t = Thread(target=lambda: say("free", str(lock.acquire(blocking=False)).lower()))
    t.start()
    t.join()
    try:
        lock.release()
    except RuntimeError as error:
        say("RuntimeError:", error)
