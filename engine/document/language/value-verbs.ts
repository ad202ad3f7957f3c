/**
 * Verbs that compute, read, write and say.
 */
import { leaf, map, required } from './shape.ts';
import { reference, type VerbTraits } from './verb.ts';

export const valueVerbs = {
  print: {
    takes: leaf('line'),
    title: 'Print',
    description: 'A line of output, tagged with its task.',
    example: '- print: ${{ task.name }} takes a stall',
  },
  let: {
    takes: map('name', leaf('computed')),
    title: 'Let',
    description: 'Task-local variables.',
    example: '- let: { next: (task.index + 1) % 5 }',
  },
  set: {
    takes: map('target', leaf('computed')),
    title: 'Set',
    description:
      'Writes vars. All reads of the expressions are one moment, each write another, in order: `set: { n: n - 1 }` loses updates.',
    example: '- set: { n: n - 1 }',
  },
  update: {
    takes: map('target', leaf('computed')),
    title: 'Update',
    description: 'Reads and writes vars as one moment.',
    example: '- update: { n: n - 1 }',
    result: 'the old value (a map for several)',
  },
  choose: {
    takes: leaf('collection'),
    title: 'Choose',
    description: 'One of several, drawn from the seed; `check` tries all.',
    example: '- choose: [red, green]\n  as: colour',
    result: 'the chosen element',
  },
  load: {
    takes: reference,
    title: 'Load',
    description: 'Reads a file of `files`, really from disk.',
    example: '- load: tickets\n  as: stock',
    result: 'the content',
  },
  save: {
    takes: reference,
    title: 'Save',
    description: 'Writes a file of `files`, really to disk.',
    example: '- save: tickets\n  value: { count: "${{ stock.count - 1 }}" }',
    keys: { value: required(leaf('template'), 'Value', 'What is written.', 'value: { count: 0 }') },
  },
  assert: {
    takes: leaf('condition'),
    title: 'Assert',
    description: 'The task fails with `AssertionError` unless the expression is true.',
    example: '- assert: n >= 0',
  },
  fail: {
    takes: leaf('line'),
    title: 'Fail',
    description: 'The task fails with that text; `fail: ${{ e }}` raises a caught error again.',
    example: '- fail: no order in ${{ task.name }}',
  },
} as const satisfies Record<string, VerbTraits>;
