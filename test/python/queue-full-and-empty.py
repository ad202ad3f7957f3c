"""A put without waiting fails with Full, a get with Empty; with a timeout they do so later."""
from queue import Empty, Full, Queue

from say import say

if __name__ == "__main__":
    q = Queue(1)
    try:
        q.get(block=False)
    except Empty:
        say("Empty")
    q.put("a")
    try:
        q.put("b", block=False)
    except Full:
        say("Full")
    try:
        q.put("b", timeout=0.05)
    except Full:
        say("Full")
    say(q.get())
    try:
        q.get(timeout=0.05)
    except Empty:
        say("Empty")
