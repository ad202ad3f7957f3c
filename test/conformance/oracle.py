"""Runs snippets of Python, each in a process of its own, and says what they printed and how they ended.

A list of snippets comes as JSON from standard input, a list of answers goes to standard output. What snippets need often
is imported here, once; a forked child has it already. A snippet ends as any Python program does: threads are joined,
daemons go.
"""
import json
import os
import resource
import signal
import sys
import tempfile
import threading
import time
from multiprocessing import Pipe, Process, Queue as ProcessQueue, Value, active_children, current_process
from multiprocessing.pool import Pool as ProcessPool, ThreadPool
from queue import Empty, Full, LifoQueue, PriorityQueue, Queue
from threading import Barrier, BoundedSemaphore, BrokenBarrierError, Condition, Event, Lock, RLock, Semaphore, Thread
from time import sleep

AT_ONCE = 4
LONGEST_SECONDS = 30


def text(word):
    return {True: "true", False: "false", None: "null"}[word] if word is None or isinstance(word, bool) else str(word)


def say(*words):
    """Prints a line at once and in one piece."""
    os.write(1, (" ".join(map(text, words)) + "\n").encode())


def tell(action, *args, **kwargs):
    """Says with what error something fails."""
    try:
        action(*args, **kwargs)
    except Exception as error:
        say(f"{type(error).__name__}: {error}")


def go(action, *args, daemon=None):
    """A thread that has been started."""
    thread = Thread(target=action, args=args, daemon=daemon)
    thread.start()
    return thread


def fork(action, *args, daemon=None):
    """A process that has been started."""
    process = Process(target=action, args=args, daemon=daemon)
    process.start()
    return process


def switches(thread):
    """None of a thread that has ended."""
    try:
        with open(f"/proc/self/task/{thread.native_id}/status", encoding="ascii") as status:
            return [line for line in status if "ctxt_switches" in line or line.startswith("State")]
    except (FileNotFoundError, ProcessLookupError):
        return None


def until_waiting(*threads):
    """Returns when those threads wait for something: they sleep, and nothing has woken them for a while. Or have ended."""
    for thread in threads:
        before = None
        while (now := switches(thread)) and (now != before or "S" not in now[0]):
            before = now
            sleep(0.02)


def quiet():
    """What fails on purpose needs no traceback."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def start(number, snippet):
    output, error = tempfile.TemporaryFile(), tempfile.TemporaryFile()
    pid = os.fork()
    if pid == 0:
        signal.alarm(LONGEST_SECONDS)
        os.dup2(output.fileno(), 1)
        os.dup2(error.fileno(), 2)
        exec(compile(snippet, f"snippet {number}", "exec"), globals())
        sys.exit()
    return pid, (number, output, error)


def content(file):
    file.seek(0)
    return file.read().decode()


def main():
    snippets = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    waiting, running, answers = list(enumerate(snippets)), {}, [None] * len(snippets)
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            pid, one = start(*waiting.pop(0))
            running[pid] = one
        pid, status = os.wait()
        number, output, error = running.pop(pid)
        exit_code = os.waitstatus_to_exitcode(status)
        answers[number] = {"exitCode": exit_code, "output": content(output), "error": content(error)}
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
