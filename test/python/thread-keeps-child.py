"""A child process waits for its ordinary threads before it ends."""
from multiprocessing import Process
from queue import Queue
from threading import Thread

from say import say


def worker(over):
    over.get()
    say("thread is done")


def child():
    over = Queue()
    Thread(target=worker, args=(over,)).start()
    say("child's code is done")
    over.put("child")


if __name__ == "__main__":
    p = Process(target=child)
    p.start()
    p.join()
    say("joined", p.exitcode)
