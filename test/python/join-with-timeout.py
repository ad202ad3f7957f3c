"""A join with a timeout gives up without an error; the thread goes on."""
from queue import Queue
from threading import Thread

from say import say


def task(go):
    go.get()
    say("thread is done")


if __name__ == "__main__":
    go = Queue()
    t = Thread(target=task, args=(go,))
    t.start()
    t.join(timeout=0.05)
    say("over", str(not t.is_alive()).lower())
    go.put("go")
    t.join(timeout=30)
    say("over", str(not t.is_alive()).lower())
