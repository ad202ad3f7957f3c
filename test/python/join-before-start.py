"""A thread that was not started cannot be joined."""
from threading import Thread

from say import say

if __name__ == "__main__":
    t = Thread(target=lambda: say("running"))
    try:
        t.join()
    except RuntimeError as error:
        say("RuntimeError:", error)
    t.start()
