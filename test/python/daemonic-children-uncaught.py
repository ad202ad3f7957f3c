"""The error of a daemon process that starts a process ends it with 1, if nothing catches it."""
import os
import sys
from multiprocessing import Process

from say import say


def child():
    say("never")


def parent():
    sys.stderr = open(os.devnull, "w")
    Process(target=child).start()
    say("never")


if __name__ == "__main__":
    p = Process(target=parent, daemon=True)
    p.start()
    p.join()
    say("joined", p.exitcode)
