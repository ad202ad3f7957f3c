import sys
from threading import Lock, Thread

passed = 0


def task(lock):
    global passed
    with lock:
        passed += 1


if __name__ == "__main__":
    lock, count = Lock(), int(sys.argv[1])
    threads = [Thread(target=task, args=(lock,)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert passed == count
