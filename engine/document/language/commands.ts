/**
 * What a command runs in, how it is stopped and how it is tried again: keys of `run`, of tasks and of `defaults`.
 */
import { choice, type Keys, key, leaf, map, type Shape } from './shape.ts';

const retryKeys = {
  attempts: key(
    leaf('size'),
    'Attempts',
    'How often it is tried at most, the first time counted.',
    'attempts: 3',
    '1',
  ),
  delay: key(leaf('duration'), 'Delay', 'How long to wait before the next attempt.', 'delay: 500ms', '0s'),
  backoff: key(
    leaf('size'),
    'Backoff',
    'Each wait is so many times as long as the one before.',
    'backoff: 2',
    '1',
  ),
  maxDelay: key(leaf('duration'), 'Longest delay', 'No wait is longer.', 'maxDelay: 10s', 'no limit'),
} as const satisfies Keys;

export const retry: Shape = { is: 'object', type: 'Retry', noun: '`retry`', keys: retryKeys };

/** Signals by which programs are told to stop. */
const stopSignals = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGKILL'] as const;

const stop: Shape = {
  is: 'object',
  type: 'Stop',
  noun: '`stop`',
  keys: {
    signal: key(
      choice(...stopSignals),
      'Signal',
      'The signal that tells it to stop.',
      'signal: SIGINT',
      'SIGTERM',
    ),
    grace: key(
      leaf('duration'),
      'Grace',
      'How long it has to stop, before it is killed. A function has that time, too.',
      'grace: 10s',
      '5s',
    ),
    run: key(
      { is: 'oneOrMany', place: 'command' },
      'Run',
      'A command that stops it, instead of a signal; `CONCUR_PID` is the process that it is to stop.',
      'run: ./server --stop',
    ),
  },
  rules: [{ rule: 'atMostOne', of: ['signal', 'run'] }],
};

/** What a command runs in, and how it is stopped; tasks and `defaults` have these too. */
export const surroundings = {
  env: key(
    map('text', leaf('template')),
    'Environment',
    'Environment variables, added to those already there.',
    'env: { PORT: "8080" }',
  ),
  cwd: key(
    leaf('line'),
    'Working directory',
    'The directory that commands run in.',
    'cwd: ./server',
    'where concur was started',
  ),
  shell: key(leaf('text'), 'Shell', 'The shell that runs commands given as one text.', 'shell: bash', 'sh'),
  stop: key(
    stop,
    'Stop',
    'How a command is stopped, when its step, its task or the run ends before it does.',
    'stop: { signal: SIGINT, grace: 10s }',
  ),
} as const satisfies Keys;

/** What stands for something real, of steps and of `ready`. */
export const model = key(
  {
    is: 'object',
    type: 'Model',
    noun: '`model`',
    keys: {
      takes: key(leaf('duration'), 'Takes', 'How long it takes in virtual time.', 'takes: 1s..2s', '0s'),
      result: key(
        leaf('template'),
        'Result',
        'What it gives.',
        'result: { code: 0, stdout: "", stderr: "" }',
        'null',
      ),
      stops: key(
        leaf('duration'),
        'Stops',
        'How long it takes to stop in virtual time, once it is told to.',
        'stops: 300ms',
        '0s',
      ),
    },
  },
  'Model',
  'What stands for this step where nothing real is run: under `--virtual` and `check`.',
  'model: { takes: 1s..2s, result: { code: 0 } }',
);
