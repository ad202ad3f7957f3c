"""A plain lock may be released by a thread that did not take it."""
from threading import Lock, Thread

from say import say


def helper(lock):
    say("helper releases")
    lock.release()


if __name__ == "__main__":
    lock = Lock()
    lock.acquire()
    Thread(target=helper, args=(lock,)).start()
    lock.acquire()
    say("main has it again")
    lock.release()
