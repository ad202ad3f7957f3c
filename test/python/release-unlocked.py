"""A lock that nobody holds cannot be released."""
from threading import Lock

from say import say

if __name__ == "__main__":
    lock = Lock()
    try:
        lock.release()
    except RuntimeError as error:
        say("RuntimeError:", error)
    with lock:
        say("inside")
    try:
        lock.release()
    except RuntimeError as error:
        say("RuntimeError:", error)
