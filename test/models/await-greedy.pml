byte n;
active proctype greedy() { do :: n = n od }
active proctype other() { n = 1 }
ltl p { <> (n == 1) }
