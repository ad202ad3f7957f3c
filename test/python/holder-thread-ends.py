"""A lock whose holder has ended stays locked."""
from threading import Lock, Thread

from say import say

if __name__ == "__main__":
    lock = Lock()
    t = Thread(target=lock.acquire)
    t.start()
    t.join()
    say(str(lock.acquire(timeout=0.05)).lower())
