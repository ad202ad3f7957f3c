"""A daemon process is terminated when the code of main is done."""
from multiprocessing import Process, SimpleQueue
from time import sleep

from say import say


def task(ready):
    say("running")
    ready.put("here")
    sleep(30)
    say("done")


if __name__ == "__main__":
    ready = SimpleQueue()
    p = Process(target=task, args=(ready,), daemon=True)
    p.start()
    ready.get()
    say("master")
