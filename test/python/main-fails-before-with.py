"""What stands behind the step that fails is not done, `with` or not."""
import os
import sys
from threading import Lock

from say import say

if __name__ == "__main__":
    lock = Lock()
    sys.stderr = open(os.devnull, "w")
    say("main fails")
    raise RuntimeError("boom")
    with lock:
        say("never")
    try:
        lock.release()
    except RuntimeError:
        say("never")
