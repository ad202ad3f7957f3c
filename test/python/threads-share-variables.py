"""Threads of one process share its variables."""
from threading import Thread

from say import say

own = 1


def child():
    global own
    own += 10


if __name__ == "__main__":
    t = Thread(target=child)
    t.start()
    t.join()
    say("main sees", own)
