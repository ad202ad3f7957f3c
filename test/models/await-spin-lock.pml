bool taken, first;
active [2] proctype worker() {
  do
  :: do :: atomic { !taken -> taken = true; break } :: else -> skip od;
     if :: _pid == 0 -> first = true :: else fi;
     taken = false
  od
}
ltl p { <> first }
