"""A thread of a daemon process is no daemon by itself: the process has a main thread of its own, which is none."""
from multiprocessing import Process
from threading import Thread, current_thread

from say import say


def inner():
    say("inner", str(current_thread().daemon).lower())


def outer():
    t = Thread(target=inner)
    t.start()
    t.join()


if __name__ == "__main__":
    p = Process(target=outer, daemon=True)
    p.start()
    p.join()
    say("process", str(p.daemon).lower())
