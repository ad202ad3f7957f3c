"""A daemon process is terminated before main waits for its ordinary child process."""
from multiprocessing import Process, Queue
from queue import Empty
from time import sleep

from say import say


def foo(question, answer):
    question.get()
    say("end123")
    answer.put("here")


def bar(question, answer):
    sleep(0.3)
    question.put("still there?")
    try:
        answer.get(timeout=0.3)
    except Empty:
        say("foo is gone")
    say("end456")


if __name__ == "__main__":
    question, answer = Queue(), Queue()
    Process(target=foo, args=(question, answer), daemon=True).start()
    Process(target=bar, args=(question, answer)).start()
    say("main-------")
