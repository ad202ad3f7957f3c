/**
 * Verbs on tasks, pools, commands and functions.
 */
import { model, retry, surroundings } from './commands.ts';
import { key, leaf, list, steps } from './shape.ts';
import { exactlyOne, input, reference, references, type VerbTraits } from './verb.ts';

export const taskVerbs = {
  start: {
    takes: references,
    title: 'Start',
    description: 'Starts a task, a replica `t[2]`, or a list of them.',
    example: '- start: [p1, p2]',
    keys: { input: input('What the started task reads as `task.input`.') },
  },
  join: {
    takes: references,
    title: 'Join',
    description:
      'Waits for the end of a task, a replica, a list, a handle or all of a pool; of a queue, until all items are dealt with.',
    example: '- join: [p1, p2]',
    waits: true,
    result: 'the end, or what the function of a handle gave; with `timeout` true or false',
  },
  terminate: {
    takes: references,
    title: 'Terminate',
    description: 'Ends a task as SIGTERM does, or a pool with its work and its workers.',
    example: '- terminate: server',
  },
  kill: {
    takes: references,
    title: 'Kill',
    description: 'Ends a task or a pool at once, as SIGKILL does.',
    example: '- kill: server',
  },
  submit: {
    takes: reference,
    title: 'Submit',
    description: 'Hands work to a pool.',
    example: '- submit: workers\n  do:\n    - print: on a worker\n  as: job',
    keys: {
      do: key(steps, 'Steps', 'What the worker does.', 'do:\n  - print: on a worker'),
      call: key(leaf('text'), 'Call', 'The function that the worker calls.', 'call: ./work.mjs#run'),
      input: input('What the function gets.'),
      model,
    },
    result: 'a handle to `join`',
    rules: [
      exactlyOne('do', 'call'),
      { rule: 'with', key: 'input', needs: 'call' },
      { rule: 'with', key: 'model', needs: 'call' },
    ],
  },
  run: {
    takes: { is: 'oneOrMany', place: 'command' },
    title: 'Run',
    description: 'A shell command, or a program and its arguments without a shell, as a child process.',
    example: '- run: curl -fs http://localhost:8080\n  as: answer',
    keys: {
      ...surroundings,
      stdin: key(leaf('template'), 'Standard input', 'What the command reads.', 'stdin: ${{ order }}'),
      codes: key(
        list(leaf('size')),
        'Exit codes',
        'The exit codes that count as success.',
        'codes: [0, 1]',
        '[0]',
      ),
      retry: key(retry, 'Retry', 'Try again when it fails.', 'retry: { attempts: 3, delay: 1s }'),
      into: key(reference, 'Into', 'A queue that gets each line of output as an item.', 'into: lines'),
      model,
    },
    waits: true,
    result: '`{ code, stdout, stderr, seconds }`',
  },
  call: {
    takes: leaf('text'),
    title: 'Call',
    description:
      "Your own JavaScript or TypeScript function, in the task's thread or process; it gets `(input, context)`.",
    example: '- call: ./work.mjs#run\n  input: ${{ task.index }}',
    keys: { input: input('What the function gets.'), model },
    waits: true,
    result: 'what it returns',
  },
  exit: {
    takes: leaf('amount'),
    title: 'Exit',
    description: "Ends this task's program at once with that code, as `os._exit`.",
    example: '- exit: 3',
  },
} as const satisfies Record<string, VerbTraits>;
