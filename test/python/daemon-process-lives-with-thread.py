"""A daemon process goes on while main's ordinary threads are joined, and is terminated after that."""
from multiprocessing import Process, SimpleQueue
from queue import Queue
from threading import Thread
from time import sleep

from say import say


def foo(question, answer):
    question.get()
    say("foo is asked")
    answer.put("here")
    sleep(30)
    say("end123")


def bar(over, question, answer):
    over.get()
    sleep(0.2)
    question.put("still there?")
    answer.get()
    say("end456")


if __name__ == "__main__":
    over, question, answer = Queue(), SimpleQueue(), SimpleQueue()
    Process(target=foo, args=(question, answer), daemon=True).start()
    Thread(target=bar, args=(over, question, answer)).start()
    say("main-------")
    over.put("main")
