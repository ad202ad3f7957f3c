"""A semaphore lets in as many as it has permits, and more after a release too many."""
from threading import Semaphore

from say import say

if __name__ == "__main__":
    semaphore = Semaphore(2)
    for _ in range(3):
        say(str(semaphore.acquire(timeout=0)).lower())
    for _ in range(3):
        semaphore.release()
    for _ in range(4):
        say(str(semaphore.acquire(timeout=0)).lower())
