"""How a process ends is seen in its exit code."""
import os
import sys
from multiprocessing import Process, SimpleQueue
from time import sleep

from say import say


def fine():
    pass


def raises():
    sys.stderr = open(os.devnull, "w")
    raise RuntimeError("boom")


def exits():
    os._exit(7)


def sleeps(ready):
    ready.put("here")
    sleep(30)
    say("never")


if __name__ == "__main__":
    for target in (fine, raises, exits):
        p = Process(target=target)
        p.start()
        p.join()
        say(target.__name__, p.exitcode)
    ready = SimpleQueue()  # one each: a process that is killed in `put` may take the queue's lock with it
    p = Process(target=sleeps, args=(ready,))
    p.start()
    ready.get()
    p.terminate()
    p.join()
    say("terminated", p.exitcode)
    ready = SimpleQueue()
    p = Process(target=sleeps, args=(ready,))
    p.start()
    ready.get()
    p.kill()
    p.join()
    say("killed", p.exitcode)
