"""A Queue: first in, first out."""
from queue import Queue

from say import say

if __name__ == "__main__":
    q = Queue(3)
    q.put("a")
    q.put("b")
    q.put("c")
    say(q.get())
    q.put("d")
    for _ in range(3):
        say(q.get())
