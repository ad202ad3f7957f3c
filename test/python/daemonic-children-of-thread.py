"""The rule is about the process: a thread of a daemon process may not start a process either."""
from multiprocessing import Process
from threading import Thread

from say import say


def child():
    say("never")


def start_child():
    try:
        Process(target=child).start()
    except AssertionError as error:
        say("AssertionError:", error)


def parent():
    t = Thread(target=start_child)
    t.start()
    t.join()


if __name__ == "__main__":
    p = Process(target=parent, daemon=True)
    p.start()
    p.join()
