"""An event is set until it is cleared; `wait` says whether it was set in time."""
from threading import Event, Thread

from say import say


def waiter(event, seen):
    event.wait()
    say("waiter goes on")
    seen.set()


if __name__ == "__main__":
    event, seen = Event(), Event()
    say("set", str(event.wait(timeout=0.05)).lower())
    Thread(target=waiter, args=(event, seen)).start()
    say("main sets it")
    event.set()
    seen.wait()
    say("set", str(event.wait()).lower(), str(event.is_set()).lower())
    event.clear()
    say("set", str(event.wait(timeout=0)).lower(), str(event.is_set()).lower())
