"""A daemon thread goes on while main waits for an ordinary child process."""
from multiprocessing import Process, SimpleQueue
from threading import Thread

from say import say


def foo(over, finished):
    over.get()
    say("end123")
    finished.put("foo")


def bar(finished):
    finished.get()
    say("end456")


if __name__ == "__main__":
    over, finished = SimpleQueue(), SimpleQueue()
    p = Process(target=bar, args=(finished,))
    p.start()
    Thread(target=foo, args=(over, finished), daemon=True).start()
    say("main-------")
    over.put("main")
