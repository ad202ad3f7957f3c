import sys
from multiprocessing import get_context


def task():
    pass


if __name__ == "__main__":
    context = get_context("spawn")
    processes = [context.Process(target=task) for _ in range(int(sys.argv[1]))]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
