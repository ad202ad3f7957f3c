"""A PriorityQueue: the smallest number first."""
from queue import PriorityQueue

from say import say

if __name__ == "__main__":
    q = PriorityQueue(3)
    q.put((10, "ten"))
    q.put((-1, "minus one"))
    q.put((0, "zero"))
    say(q.get()[1])
    q.put((5, "five"))
    for _ in range(3):
        say(q.get()[1])
