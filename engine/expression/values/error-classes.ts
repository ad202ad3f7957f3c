/**
 * Which errors are of which class, as Python's `except` sees it: `except OSError` takes a `TimeoutError` too.
 *
 * Classes of Python's own and of its modules for concurrency; those that only concur knows are placed among them. What is
 * not in the table, such as an error that a function of the user's throws, is an `Exception` and nothing else, as most
 * classes that people write.
 */

/** All errors but those that only end a program. */
const ANY_EXCEPTION = 'Exception';
const ANYTHING = 'BaseException';

const subclasses: Readonly<Record<string, readonly string[]>> = {
  BaseException: ['Exception', 'SystemExit', 'KeyboardInterrupt', 'GeneratorExit', 'BaseExceptionGroup'],
  ArithmeticError: ['FloatingPointError', 'OverflowError', 'ZeroDivisionError'],
  ImportError: ['ModuleNotFoundError'],
  LookupError: ['IndexError', 'KeyError'],
  NameError: ['UnboundLocalError'],
  OSError: [
    'BlockingIOError',
    'ChildProcessError',
    'ConnectionError',
    'FileExistsError',
    'FileNotFoundError',
    'InterruptedError',
    'IsADirectoryError',
    'NotADirectoryError',
    'PermissionError',
    'ProcessLookupError',
    'TimeoutError',
    // Other names of the same class.
    'EnvironmentError',
    'IOError',
  ],
  ConnectionError: [
    'BrokenPipeError',
    'ConnectionAbortedError',
    'ConnectionRefusedError',
    'ConnectionResetError',
  ],
  RuntimeError: [
    'NotImplementedError',
    'PythonFinalizationError',
    'RecursionError',
    'BrokenBarrierError',
    'BrokenExecutor',
    'ProcessDied',
  ],
  BrokenExecutor: ['BrokenProcessPool', 'BrokenThreadPool'],
  SubprocessError: ['CalledProcessError', 'TimeoutExpired'],
  ProcessError: ['AuthenticationError', 'BufferTooShort'],
  SyntaxError: ['IndentationError'],
  IndentationError: ['TabError'],
  UnicodeError: ['UnicodeDecodeError', 'UnicodeEncodeError', 'UnicodeTranslateError'],
  ValueError: ['JSONDecodeError', 'UnicodeError'],
};

/** Other names of the same class: who asks for one asks for that class. */
const aliases: Readonly<Record<string, string>> = { EnvironmentError: 'OSError', IOError: 'OSError' };

const noExceptions: readonly string[] = [
  ANYTHING,
  ...(subclasses[ANYTHING] ?? []).filter((name) => name !== ANY_EXCEPTION),
];

/** What `catch: name` and `raises: name` take: all errors, all but some, or these. */
export type Taken = 'all' | { readonly allBut: readonly string[] } | { readonly these: readonly string[] };

export function takenBy(name: string): Taken {
  if (name === ANYTHING) return 'all';
  if (name === ANY_EXCEPTION) return { allBut: noExceptions };
  return { these: classAndBelow(aliases[name] ?? name) };
}

function classAndBelow(name: string): readonly string[] {
  const below = Object.hasOwn(subclasses, name) ? (subclasses[name] ?? []) : [];
  return [name, ...below.flatMap(classAndBelow)];
}

/** Whether the one name takes all that the other takes. */
export function takesAllOf(name: string, other: string): boolean {
  const [all, part] = [takenBy(name), takenBy(other)];
  if (all === 'all') return true;
  if (part === 'all') return false;
  if ('allBut' in part) return 'allBut' in all;
  if ('allBut' in all) return !part.these.some((one) => all.allBut.includes(one));
  return part.these.every((one) => all.these.includes(one));
}
