"""A daemon thread goes on while an ordinary thread keeps the process alive, though main is done."""
from queue import Queue
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
    over, finished = Queue(), Queue()
    Thread(target=foo, args=(over, finished), daemon=True).start()
    Thread(target=bar, args=(finished,)).start()
    say("main-------")
    over.put("main")
