"""A daemon thread may start a process, which is no daemon: only a daemon process passes that on to processes."""
from multiprocessing import Process
from threading import Thread

from say import say


def child():
    say("child is done")


def starter():
    p = Process(target=child)
    p.start()
    p.join()
    say("daemon", str(p.daemon).lower())


if __name__ == "__main__":
    t = Thread(target=starter, daemon=True)
    t.start()
    t.join()
