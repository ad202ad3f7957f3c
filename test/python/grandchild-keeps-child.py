"""A process waits for its own child process before it ends; joining it waits for both."""
from multiprocessing import Process, SimpleQueue

from say import say


def grandchild(over):
    over.get()
    say("grandchild is done")


def child():
    over = SimpleQueue()
    Process(target=grandchild, args=(over,)).start()
    say("child's code is done")
    over.put("child")


if __name__ == "__main__":
    p = Process(target=child)
    p.start()
    p.join()
    say("joined", p.exitcode)
