bool flag[2], first;
byte slate;
active [2] proctype neighbour() {
  byte other = 1 - _pid;
  do
  :: flag[_pid] = true;
     slate = other;
     do :: flag[other] && slate == other -> skip :: else -> break od;
     if :: _pid == 0 -> first = true; first = false :: else fi;
     flag[_pid] = false
  od
}
ltl p { [] (flag[0] -> <> first) }
