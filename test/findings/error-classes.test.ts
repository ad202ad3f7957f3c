/**
 * The classes of errors are Python's: every name of the table that CPython knows has the same classes above it there.
 */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { takenBy, takesAllOf } from '../../engine/expression/values/error-classes.ts';
import { loadScenario, run } from '../../engine/index.ts';

const names = [
  ...[
    'ArithmeticError',
    'AssertionError',
    'AttributeError',
    'BaseException',
    'BlockingIOError',
    'BrokenPipeError',
  ],
  ...[
    'BufferError',
    'ChildProcessError',
    'ConnectionAbortedError',
    'ConnectionError',
    'ConnectionRefusedError',
  ],
  ...[
    'ConnectionResetError',
    'EOFError',
    'EnvironmentError',
    'Exception',
    'FileExistsError',
    'FileNotFoundError',
  ],
  ...['FloatingPointError', 'GeneratorExit', 'IOError', 'ImportError', 'IndentationError', 'IndexError'],
  ...['InterruptedError', 'IsADirectoryError', 'KeyError', 'KeyboardInterrupt', 'LookupError', 'MemoryError'],
  ...[
    'ModuleNotFoundError',
    'NameError',
    'NotADirectoryError',
    'NotImplementedError',
    'OSError',
    'OverflowError',
  ],
  ...[
    'PermissionError',
    'ProcessLookupError',
    'RecursionError',
    'ReferenceError',
    'RuntimeError',
    'SyntaxError',
  ],
  ...[
    'SystemError',
    'SystemExit',
    'TabError',
    'TimeoutError',
    'TypeError',
    'UnboundLocalError',
    'UnicodeError',
  ],
  ...['UnicodeDecodeError', 'UnicodeEncodeError', 'UnicodeTranslateError', 'ValueError', 'ZeroDivisionError'],
  ...['BrokenBarrierError', 'Empty', 'Full', 'CalledProcessError', 'TimeoutExpired', 'SubprocessError'],
  ...['BufferTooShort', 'ProcessError', 'AuthenticationError', 'JSONDecodeError', 'BrokenExecutor'],
  ...['BrokenProcessPool', 'BrokenThreadPool', 'CancelledError'],
];

const asked = `
import json, sys, builtins, queue, threading, subprocess, multiprocessing, concurrent.futures
from concurrent.futures.process import BrokenProcessPool
from concurrent.futures.thread import BrokenThreadPool
modules = [builtins, queue, threading, subprocess, multiprocessing, json, concurrent.futures]
named = {"BrokenProcessPool": BrokenProcessPool, "BrokenThreadPool": BrokenThreadPool}
classes = {n: named.get(n) or next(getattr(m, n) for m in modules if hasattr(m, n)) for n in json.load(sys.stdin)}
print(json.dumps([[a, b] for a in classes for b in classes if issubclass(classes[b], classes[a])]))
`;

/** Pairs of a class and one below it, or the same. */
function askPython(): readonly (readonly [string, string])[] | undefined {
  try {
    return JSON.parse(execFileSync('python3', ['-c', asked], { input: JSON.stringify(names) }).toString());
  } catch {
    return undefined;
  }
}

function takes(name: string, error: string): boolean {
  const taken = takenBy(name);
  if (taken === 'all') return true;
  return 'these' in taken ? taken.these.includes(error) : !taken.allBut.includes(error);
}

it('has the classes of CPython', ({ skip }) => {
  const pairs = askPython();
  if (pairs === undefined) skip('there is no python3 here to compare with');
  const theirs = new Set(pairs?.map((pair) => pair.join(' takes ')));
  const ours = names.flatMap((one) =>
    names.filter((other) => takes(one, other)).map((other) => `${one} takes ${other}`),
  );
  expect(ours.filter((pair) => !theirs.has(pair))).toEqual([]);
  expect([...theirs].filter((pair) => !ours.includes(pair))).toEqual([]);
});

it('takes what it does not know as an exception', () => {
  expect(takes('Exception', 'OutOfSoup')).toBe(true);
  expect(takes('OutOfSoup', 'OutOfSoup')).toBe(true);
  expect(takes('RuntimeError', 'OutOfSoup')).toBe(false);
  expect(takes('constructor', 'ValueError')).toBe(false);
});

it('knows what an earlier class leaves nothing for', () => {
  expect(takesAllOf('OSError', 'TimeoutError')).toBe(true);
  expect(takesAllOf('TimeoutError', 'OSError')).toBe(false);
  expect(takesAllOf('Exception', 'SystemExit')).toBe(false);
  expect(takesAllOf('BaseException', 'Exception')).toBe(true);
  expect(takesAllOf('OSError', 'Exception')).toBe(false);
});

it('takes the death of a process as a RuntimeError, and cancelled work as an Exception alone', () => {
  for (const name of ['ProcessDied', 'RuntimeError', 'Exception', 'BaseException'])
    expect(takes(name, 'ProcessDied'), name).toBe(true);
  for (const name of ['OSError', 'BrokenExecutor', 'CancelledError', 'ProcessLookupError'])
    expect(takes(name, 'ProcessDied'), name).toBe(false);
  for (const name of ['CancelledError', 'Exception', 'BaseException'])
    expect(takes(name, 'CancelledError'), name).toBe(true);
  for (const name of ['RuntimeError', 'OSError', 'ProcessDied'])
    expect(takes(name, 'CancelledError'), name).toBe(false);
});

const lostWork = `
concur: 1
pools: { crew: { kind: process, size: 1 }, idle: 1 }
events: [never]
main:
  - submit: crew
    do: [ { exit: 3 } ]
    as: job
  - try:
      - join: job
    catch:
      OSError: [ { print: wrong } ]
      RuntimeError: [ { print: "\${{ error.name }} is a RuntimeError" } ]
    as: error
  - join: job
    raises: RuntimeError
  - repeat: 2
    do:
      - submit: idle
        do: [ { wait: never } ]
        as: last
  - close: idle
    immediate: true
  - try:
      - join: last
    catch:
      RuntimeError: [ { print: wrong } ]
      Exception: [ { print: "\${{ error.name }} is an Exception" } ]
    as: error
expect:
  output: { equals: [ ProcessDied is a RuntimeError, CancelledError is an Exception ] }
`;

it.each(['virtual', 'real'] as const)(
  'catches what becomes of lost work by its classes, in a %s run',
  async (mode) => {
    const { plan, diagnostics } = await loadScenario({ file: 'lost-work.yaml', text: lostWork }, { seed: 1 });
    if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
    const { verdict, violation } = await run(plan, { mode });
    expect({ outcome: verdict.outcome, violation }, verdict.summary).toEqual({
      outcome: 'passed',
      violation: null,
    });
  },
);
