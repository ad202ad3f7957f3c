bool free = true, walks;
active proctype runner() { do :: atomic { free -> free = false }; free = true od }
active proctype walker() { atomic { free -> free = false }; walks = true; free = true }
ltl p { <> walks }
