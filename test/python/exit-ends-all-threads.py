"""`os._exit` ends the program at once: no thread is waited for."""
import os
from queue import Queue
from threading import Thread
from time import sleep

from say import say


def worker(ready):
    ready.put("here")
    sleep(30)
    say("never")


if __name__ == "__main__":
    ready = Queue()
    Thread(target=worker, args=(ready,)).start()
    ready.get()
    say("main exits")
    os._exit(3)
