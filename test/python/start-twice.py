"""A thread can be started once, also when it is over."""
from threading import Thread

from say import say

if __name__ == "__main__":
    t = Thread(target=lambda: say("running"))
    t.start()
    t.join()
    try:
        t.start()
    except RuntimeError as error:
        say("RuntimeError:", error)
