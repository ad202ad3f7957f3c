"""`with` releases on every way out: an error, a break, a return."""
from threading import Lock

from say import say


def leaves(lock):
    with lock:
        return


if __name__ == "__main__":
    lock = Lock()
    try:
        with lock:
            raise RuntimeError("boom")
    except RuntimeError as error:
        say("caught", error, str(lock.locked()).lower())
    while True:
        with lock:
            break
    say("broke out", str(lock.locked()).lower())
    leaves(lock)
    say("returned", str(lock.locked()).lower())
