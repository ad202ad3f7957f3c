"""A bounded semaphore refuses a release too many."""
from threading import BoundedSemaphore

from say import say

if __name__ == "__main__":
    semaphore = BoundedSemaphore(2)
    semaphore.acquire()
    semaphore.release()
    try:
        semaphore.release()
    except ValueError as error:
        say("ValueError:", error)
    for _ in range(3):
        say(str(semaphore.acquire(timeout=0)).lower())
