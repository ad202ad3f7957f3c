bool first;
byte next, shown;
active [2] proctype customer() {
  byte mine;
  do
  :: atomic { mine = next; next = (next + 1) % 4 };
     shown == mine;
     if :: _pid == 0 -> first = true :: else fi;
     shown = (shown + 1) % 4
  od
}
ltl p { <> first }
