/**
 * Verbs that say which steps are done, and how often.
 */
import { key, leaf, map, required, steps } from './shape.ts';
import { body, exactlyOne, input, reference, type VerbTraits } from './verb.ts';

export const controlVerbs = {
  repeat: {
    takes: leaf('amount'),
    title: 'Repeat',
    description: 'Does the steps so many times.',
    example: '- repeat: 10\n  as: i\n  do:\n    - print: ${{ i }}',
    keys: { do: body },
    result: 'the number of the round, from 0',
  },
  for: {
    takes: leaf('local'),
    title: 'For',
    description:
      'Does the steps for each element of a list, or each item of a queue until it is closed and drained.',
    example: '- for: order\n  from: orders\n  do:\n    - print: ${{ order }}',
    keys: {
      in: key(leaf('collection'), 'In', 'The list.', 'in: [1, 2, 3]'),
      from: key(reference, 'From', 'The queue.', 'from: orders'),
      until: key(
        leaf('condition'),
        'Until',
        'Stop at the item of which this is true.',
        'until: order == null',
      ),
      do: body,
    },
    rules: [exactlyOne('in', 'from'), { rule: 'with', key: 'until', needs: 'from' }],
  },
  while: {
    takes: leaf('condition'),
    title: 'While',
    description: 'Does the steps as long as the expression is true.',
    example: '- while: n > 0\n  do:\n    - set: { n: n - 1 }',
    keys: { do: body },
  },
  // biome-ignore lint/suspicious/noThenProperty: a verb of the language; this table is never awaited
  then: {
    takes: steps,
    title: 'If … then',
    description: 'Does the steps if the expression under `if` is true, else those under `else`.',
    example: '- if: n == 0\n  then:\n    - print: empty\n  else:\n    - print: ${{ n }} left',
    keys: {
      if: required(leaf('condition'), 'If', 'The condition.', 'if: n == 0'),
      else: key(steps, 'Else', 'What is done otherwise.', 'else:\n  - print: not empty'),
    },
  },
  do: {
    takes: steps,
    title: 'Do',
    description: 'Steps as one step: to put a guard or an `id` on several.',
    example: '- id: write\n  do:\n    - set: { n: 1 }',
  },
  atomic: {
    takes: steps,
    title: 'Atomic',
    description: 'Steps that never wait (`let`, `set`, `then`, `assert`, `signal` …) as one moment.',
    example: '- atomic:\n    - set: { n: n - 1 }',
  },
  break: {
    takes: leaf('yes'),
    title: 'Break',
    description: 'Leaves the innermost loop.',
    example: '- break',
    bare: true,
  },
  continue: {
    takes: leaf('yes'),
    title: 'Continue',
    description: 'Goes on with the next round of the innermost loop.',
    example: '- continue',
    bare: true,
  },
  return: {
    takes: leaf('yes'),
    title: 'Return',
    description: 'Ends the routine, or the task outside of one.',
    example: '- return',
    bare: true,
  },
  use: {
    takes: leaf('name'),
    title: 'Use',
    description: "Puts a routine's steps in place.",
    example: '- use: greet\n  input: { name: left }',
    keys: { input: input('What the routine reads as `input`.') },
  },
  try: {
    takes: steps,
    title: 'Try',
    description: 'Steps whose errors are caught by their class.',
    example:
      '- try:\n    - get: orders\n      timeout: 1s\n  catch:\n    Empty:\n      - print: nothing there',
    keys: {
      catch: key(
        map('use', steps),
        'Catch',
        'What is done about an error, by its class, the first that fits; `any` for all others.',
        'catch:\n  any:\n    - print: failed',
      ),
      finally: key(
        steps,
        'Finally',
        'What is done in the end on every way out.',
        'finally:\n  - print: over',
      ),
    },
    result: 'the error, with `name` and `message`, inside `catch`',
    rules: [{ rule: 'atLeastOne', of: ['catch', 'finally'] }],
  },
} as const satisfies Record<string, VerbTraits>;
