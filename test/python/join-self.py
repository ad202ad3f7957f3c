"""A thread cannot join itself."""
from threading import Thread, current_thread

from say import say


def task():
    try:
        current_thread().join()
    except RuntimeError as error:
        say("RuntimeError:", error)


if __name__ == "__main__":
    Thread(target=task).start()
