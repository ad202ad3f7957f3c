"""A daemon thread dies with its process."""
from queue import Queue
from threading import Thread
from time import sleep

from say import say


def task(ready):
    say("running")
    ready.put("here")
    sleep(30)
    say("done")


if __name__ == "__main__":
    ready = Queue()
    t = Thread(target=task, args=(ready,), daemon=True)
    t.start()
    ready.get()
    say("master")
