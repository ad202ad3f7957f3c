/**
 * The words for what tasks do: one table for each closed union, so that a new operation or cause is missed by the type
 * check, not by the reader. Those for what is done with resources stand with each primitive in the verdict.
 */
import type { EndState, EventOf, WaitName } from '../../log/event.ts';
import type { Service } from '../../plan/instruction.ts';
import type { Plan } from '../../plan/plan.ts';
import { harmless } from '../../source/harmless.ts';
import type { OperationWords } from '../../verdict/model/primitives/operation-words.ts';
import { resourceWords } from '../../verdict/model/primitives/table.ts';
import { quoted, shown } from '../../verdict/show.ts';
import type { Judgement } from '../../verdict/verdict.ts';

const operationWords = {
  ...resourceWords,
  'task.start': { waits: (name) => `starting ${name}`, did: (name) => `started ${name}` },
  'task.join': { waits: (name) => `waiting for ${name} to end`, did: (name) => `joined ${name}` },
  'task.terminate': { waits: (name) => `terminating ${name}`, did: (name) => `terminated ${name}` },
  'task.timeOut': {
    waits: (name) => `ending ${name}: its time is over`,
    did: (name) => `ended ${name}: its time was over`,
  },
  'task.skip': { waits: (name) => `skipping ${name}`, did: (name) => `skipped ${name}` },
  'task.kill': { waits: (name) => `killing ${name}`, did: (name) => `killed ${name}` },
  await: { waits: conditionText, did: () => 'saw its condition hold' },
  end: { waits: () => 'waiting for what it started to end', did: () => 'ended' },
} satisfies Record<WaitName, OperationWords>;

export type WaitingOperation = keyof typeof operationWords;

function isKnown(operation: string): operation is WaitingOperation {
  return Object.hasOwn(operationWords, operation);
}

export const endWords = {
  finished: 'finished',
  failed: 'failed',
  terminated: 'was terminated',
  skipped: 'was skipped',
} as const satisfies Record<EndState, string>;

/** What a task has asked for outside of the run. */
const answeredWords = {
  load: 'read a file',
  save: 'wrote a file',
  run: 'ran a command',
  call: 'ran a function',
  probe: 'looked whether a task is ready',
} as const satisfies Record<Service, string>;

/** `ran a command` · `ran a command, which failed` */
export function answeredText({ service, ok }: EventOf<'answered'>): string {
  return `${answeredWords[service]}${ok ? '' : ', which failed'}`;
}

/** In virtual time it is the same run; in a real one the system decides who comes first. */
export function againText(command: string): string {
  return `run it again with: ${command}`;
}

/** The step's text says what it waits for: `await n == 0` is `waiting until n == 0`. */
function conditionText(step: string): string {
  if (step === '') return 'waiting for its condition';
  if (step.startsWith('await ')) return `waiting until ${quoted(step.slice('await '.length))}`;
  return step.startsWith('needs ') ? `waiting for what it ${step}` : `waiting at "${step}"`;
}

/** Whether the operation's target is a task's number, not a resource's. */
function targetsTask(operation: WaitingOperation): boolean {
  return operation.startsWith('task.');
}

/** What a task waits for, or has waited for. */
export type Wait = { readonly operation: WaitingOperation; readonly target: number; readonly step: number };

/** `` waiting for `stall` `` · `` waiting for `visitor[3]` to end `` · `` waiting until `n == 0` `` */
export function waitingText(plan: Plan, { operation, target, step }: Wait): string {
  const name =
    operation === 'await' ? harmless(plan.steps[step]?.text ?? '') : targetName(plan, operation, target);
  return operationWords[operation].waits(name);
}

/** What it is done to, as it stands in a sentence; empty where the operation has no target. */
function targetName(plan: Plan, operation: WaitingOperation, target: number): string {
  // At its end a program waits for a process, which has no name.
  if (operation === 'end') return '';
  if (targetsTask(operation)) return quoted(harmless(plan.tasks[target]?.name ?? ''));
  const resource = plan.resources[target];
  return resource === undefined ? '' : resourceText(resource);
}

/** The same for an operation that may be unknown to this version. */
export function waitingWords(operation: string, name: string): string {
  return isKnown(operation)
    ? operationWords[operation].waits(name)
    : `waiting: ${harmless(operation)} ${name}`;
}

/** `` took `stall` `` */
export function didText(plan: Plan, operation: WaitingOperation, target: number): string {
  return operationWords[operation].did(targetName(plan, operation, target));
}

/** `` `stall` ``; a condition has a lock of its own, of which its name is a part. */
export function resourceText({ name, kind }: { readonly name: string; readonly kind: string }): string {
  const [, condition] = /^(.+)\.lock$/.exec(name) ?? [];
  const isOwn = kind.endsWith('lock') && condition !== undefined;
  return isOwn ? `the lock of ${quoted(harmless(condition))}` : quoted(harmless(name));
}

/** `41,516` */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** What an expectation came to. */
export const judgementWords = {
  passed: 'passed',
  failed: 'expected, but not met',
  notJudged: 'not judged',
} as const satisfies Record<Judgement['result'], string>;

/** `wrote n = 1`, `wrote state[2] = 0` */
export function wroteText(plan: Plan, { variable, cell, value }: EventOf<'wrote'>): string {
  const declared = plan.variables[variable];
  const place = declared?.array === true ? `[${cell}]` : '';
  return harmless(`wrote ${declared?.name ?? ''}${place} = ${shown(value)}`);
}

/** `1 task`, `2 tasks` */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
