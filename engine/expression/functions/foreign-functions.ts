/**
 * Functions that users of Python and JavaScript would type, and what is written here.
 */

const advice: Readonly<Record<string, string>> = {
  len: 'write `x.size()`',
  length: 'write `x.size()`',
  count: 'write `x.size()`',
  str: 'write `string(x)`',
  float: 'write `double(x)`',
  long: 'write `int(x)`',
  any: 'write `list.exists(x, …)`',
  some: 'write `list.exists(x, …)`',
  all: 'write `list.all(x, …)`',
  every: 'write `list.all(x, …)`',
  filter: 'write `list.filter(x, …)`',
  set: 'write `distinct(list)`',
  unique: 'write `distinct(list)`',
  rand: 'write `random(a, b)`, both ends included',
  randint: 'write `random(a, b)`, both ends included',
  choice: 'write a step `choose: list` with `as`',
  time: 'write `now`: seconds since the run began',
  contains: 'write `text.contains(part)`, or `item in list`',
  startsWith: 'write `text.startsWith(part)`',
  endsWith: 'write `text.endsWith(part)`',
  matches: 'write `text.matches(pattern)`',
};

/** What to write instead of a function from elsewhere. */
export function foreignFunction(name: string): string | undefined {
  return Object.hasOwn(advice, name) ? advice[name] : undefined;
}
