"""A child process terminates its daemon process before it joins its threads; main does it the other way round."""
from multiprocessing import Pipe, Process
from queue import Queue
from threading import Thread
from time import sleep

from say import say


def foo(question, answer):
    say("foo is there")
    answer.send("here")
    question.recv()
    say("foo is asked")
    answer.send("still here")


def bar(over, question, answer):
    over.get()
    sleep(0.2)
    question[1].send("still there?")
    say("answer", str(answer[0].poll(0.2)).lower())


def child():
    question, answer = Pipe(duplex=False), Pipe(duplex=False)
    over = Queue()
    Process(target=foo, args=(question[0], answer[1]), daemon=True).start()
    answer[0].recv()
    Thread(target=bar, args=(over, question, answer)).start()
    say("child's code is done")
    over.put("child")


if __name__ == "__main__":
    p = Process(target=child)
    p.start()
    p.join()
    say("joined", p.exitcode)
