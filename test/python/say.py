"""Prints a line at once and in one piece, so that lines of several processes do not mix."""
import os


def say(*words):
    os.write(1, (" ".join(str(word) for word in words) + "\n").encode())
