"""A thread is a daemon if the thread that starts it is one."""
from threading import Thread, current_thread

from say import say


def inner():
    say("inner", str(current_thread().daemon).lower())


def outer():
    say("outer", str(current_thread().daemon).lower())
    t = Thread(target=inner)
    t.start()
    t.join()


if __name__ == "__main__":
    say("main", str(current_thread().daemon).lower())
    for daemon in (False, True):
        t = Thread(target=outer, daemon=daemon)
        t.start()
        t.join()
