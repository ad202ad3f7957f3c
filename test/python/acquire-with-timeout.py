"""An acquire with a timeout answers yes or no."""
from threading import Lock, Semaphore

from say import say

if __name__ == "__main__":
    lock, semaphore = Lock(), Semaphore(1)
    say(str(lock.acquire(timeout=0)).lower())
    say(str(lock.acquire(timeout=0)).lower())
    say(str(lock.acquire(timeout=0.05)).lower())
    say(str(semaphore.acquire(timeout=0)).lower())
    say(str(semaphore.acquire(timeout=0)).lower())
    say(str(semaphore.acquire(timeout=0.05)).lower())
    lock.release()
    say(str(lock.acquire(timeout=30)).lower())
