"""Main fails: its ordinary thread is still waited for, and the exit code is 1."""
import sys
import os
from queue import Queue
from threading import Thread

from say import say


def worker(over):
    over.get()
    say("thread is done")


if __name__ == "__main__":
    sys.stderr = open(os.devnull, "w")
    over = Queue()
    Thread(target=worker, args=(over,)).start()
    say("main fails")
    over.put("main")
    raise RuntimeError("boom")
