/** The functions that the scenarios beside this file call. */
export function hello(_input, { print }) {
  print('hello');
}

export function double(input, { print }) {
  const twice = input + input;
  print(`${twice}`);
  return twice;
}
