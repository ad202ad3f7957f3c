"""A queue between processes carries values as they are; a full one makes the sender wait."""
from multiprocessing import Process, Queue

from say import say


def receiver(q):
    say("making room")
    a = q.get()
    say("a is", a["a"])
    say("text", q.get())
    say("number", q.get() + 1)


if __name__ == "__main__":
    q = Queue(2)
    q.put({"a": 1})
    q.put("xxxx")
    p = Process(target=receiver, args=(q,))
    p.start()
    q.put(3)
    p.join()
    say("joined", p.exitcode)
