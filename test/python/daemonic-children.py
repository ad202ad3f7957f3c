"""A daemon process may not start a process; a thread it may."""
from multiprocessing import Process
from threading import Thread

from say import say


def child():
    say("never")


def parent():
    try:
        Process(target=child).start()
    except AssertionError as error:
        say("AssertionError:", error)
    t = Thread(target=lambda: say("a thread"))
    t.start()
    t.join()


if __name__ == "__main__":
    p = Process(target=parent, daemon=True)
    p.start()
    p.join()
    say("joined", p.exitcode)
