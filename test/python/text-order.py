"""Text is ordered and counted by code points."""
from say import say

if __name__ == "__main__":
    face, stop = "\U0001F600", "\uFF61"
    say("less" if face < stop else "not less")
    say(min(face, stop), max([face, stop, "a"]))
    say(len(face), (face + stop).find(stop), (face + stop)[:1])
