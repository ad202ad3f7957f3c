"""Main fails: its daemon process is terminated, its ordinary process is waited for."""
import os
import sys
from multiprocessing import Process, SimpleQueue
from time import sleep

from say import say


def daemon(ready):
    ready.put("here")
    sleep(30)
    say("never")


def ordinary(over):
    over.get()
    say("process is done")


if __name__ == "__main__":
    ready, over = SimpleQueue(), SimpleQueue()
    Process(target=daemon, args=(ready,), daemon=True).start()
    Process(target=ordinary, args=(over,)).start()
    sys.stderr = open(os.devnull, "w")
    ready.get()
    say("main fails")
    over.put("main")
    raise RuntimeError("boom")
