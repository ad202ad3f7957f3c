"""A LifoQueue: last in, first out."""
from queue import LifoQueue

from say import say

if __name__ == "__main__":
    q = LifoQueue(3)
    q.put("a")
    q.put("b")
    q.put("c")
    say(q.get())
    q.put("d")
    for _ in range(3):
        say(q.get())
