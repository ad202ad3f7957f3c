"""A process has its own copy of variables, as they stood when it was started; a shared one is one for all."""
from multiprocessing import Process, Value

from say import say

own = 1
shared = Value("i", 1)


def child():
    global own
    say("child sees", own, shared.value)
    own += 10
    shared.value += 10


if __name__ == "__main__":
    own += 1
    shared.value += 1
    p = Process(target=child)
    p.start()
    p.join()
    say("main sees", own, shared.value)
