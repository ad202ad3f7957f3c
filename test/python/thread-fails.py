"""A thread that fails ends alone: a join returns, main goes on and ends with 0."""
import threading
from threading import Thread

from say import say


def worker():
    raise RuntimeError("boom")


if __name__ == "__main__":
    threading.excepthook = lambda failure: say("failed:", failure.exc_type.__name__)
    t = Thread(target=worker)
    t.start()
    t.join()
    say("main goes on")
