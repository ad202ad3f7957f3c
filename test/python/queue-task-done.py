"""`join` of a queue returns when every item was marked as done; one mark too many is an error."""
from queue import Queue
from threading import Thread

from say import say


def worker(q, go):
    go.get()
    for _ in range(2):
        say("worked on", q.get())
        q.task_done()


if __name__ == "__main__":
    q, go = Queue(), Queue()
    q.put("a")
    q.put("b")
    Thread(target=worker, args=(q, go)).start()
    say("unfinished", q.unfinished_tasks)
    go.put("go")
    q.join()
    say("unfinished", q.unfinished_tasks)
    try:
        q.task_done()
    except ValueError as error:
        say("ValueError:", error)
