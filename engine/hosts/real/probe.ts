/**
 * Looking whether a task is ready: at a port, an address, its output, or by a command; again and again, until it is, or
 * until it has ended.
 */
import { get } from 'node:http';
import { get as getSecurely } from 'node:https';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { lengthFromValue } from '../../expression/values/duration.ts';
import type { Value, ValueMap } from '../../expression/values/value.ts';
import { textFromValue } from '../../expression/values/value-text.ts';
import { type Command, runCommand } from '../commands/command.ts';
import type { CommandGuard } from '../commands/command-guard.ts';
import { lackIn, MachineFault } from '../machine-fault.ts';
import { withinTime } from '../on-abort.ts';
import { LONGEST_TIMER_MS } from './pace.ts';
import type { Readiness } from './readiness.ts';

export type ProbeOptions = {
  readonly request: ValueMap;
  readonly readiness: Readiness;
  readonly guard: CommandGuard;
  readonly commandOf: (request: ValueMap) => Command;
  readonly signal: AbortSignal;
};

/** One look: null if it is ready, or what was seen instead. `what`: what is looked for, as the end of "it ended before …". */
type Probe = { readonly what: string; readonly look: (signal: AbortSignal) => Promise<string | null> };

/** How long one look may take. */
const LOOK_MS = 5000;

/**
 * `ready`, or why it never will be.
 *
 * A task that has ended gets one last look: a program may start a server and leave it behind.
 */
export async function probeUntilReady(options: ProbeOptions): Promise<string> {
  const { request, readiness, signal: given } = options;
  const task = Number(request['task']);
  const probe = probeOf(options, task);
  if (typeof probe === 'string') return probe;
  const { minUs } = lengthFromValue(request['interval'] ?? '200ms');
  const late = lateness(request);
  const signal = AbortSignal.any([given, late.signal]);
  try {
    for (let last = 'nothing yet'; ; ) {
      const end = readiness.endOf(task);
      const seen = await withinTime(LOOK_MS, [signal], probe.look);
      if (seen === null) return 'ready';
      if (given.aborted) return 'nobody waits any more';
      // A look that is cut short by the limit has seen nothing of its own.
      if (!late.signal.aborted || last === 'nothing yet') last = seen;
      if (late.signal.aborted)
        return `it took longer than ${late.text}; the last time concur looked: ${last}`;
      if (end !== undefined)
        return `it ${end === 'finished' ? 'ended' : endWords(end)} before ${probe.what}; the last time concur looked: ${seen}`;
      await pause(readiness, task, Math.max(1, minUs / 1000), signal);
    }
  } finally {
    late.clear();
  }
}

/** The limit, if there is one: its signal, and how it is written. */
function lateness({ timeout, startPeriod }: ValueMap) {
  const over = new AbortController();
  if (timeout === undefined) return { signal: over.signal, text: '', clear: () => {} };
  const us = lengthFromValue(timeout).minUs + lengthFromValue(startPeriod ?? '0s').minUs;
  const timer = us / 1000 > LONGEST_TIMER_MS ? undefined : setTimeout(() => over.abort(), us / 1000);
  const first = startPeriod === undefined ? '' : `${textFromValue(startPeriod)} and `;
  return { signal: over.signal, text: `${first}${textFromValue(timeout)}`, clear: () => clearTimeout(timer) };
}

function endWords(end: string): string {
  return end === 'failed' ? 'failed' : `was ${end}`;
}

/** Until it is time to look again, or something happened. */
async function pause(readiness: Readiness, task: number, ms: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const both = AbortSignal.any([signal, over.signal]);
  if (readiness.endOf(task) !== undefined) return;
  await Promise.race([delay(ms, undefined, { signal: both }).catch(() => {}), readiness.news(task, both)]);
  over.abort();
}

function probeOf({ request, readiness, guard, commandOf }: ProbeOptions, task: number): Probe | string {
  const { port, http, log, command } = request;
  if (port !== undefined) {
    const number = Number(port);
    if (!Number.isInteger(number) || number < 1 || number > 65_535)
      return `${textFromValue(port)} is no port: a whole number from 1 to 65535`;
    return { what: `port ${number} was open`, look: (signal) => isOpen(number, signal) };
  }
  if (http !== undefined) {
    const address = textFromValue(http);
    if (!/^https?:$/.test(protocolOf(address)))
      return `${address} is no address, such as http://localhost:8080/health`;
    return { what: `${address} answered`, look: (signal) => answers(address, signal) };
  }
  if (log !== undefined)
    return {
      what: `a line matched /${textFromValue(log)}/`,
      look: async () => (readiness.hasSaid(task) ? null : saidInstead(readiness.lastLineOf(task))),
    };
  const toRun = commandOf(request);
  return {
    what: `\`${shown(command)}\` succeeded`,
    look: async (signal) => {
      const lines: string[] = [];
      const sink = { line: (text: string) => void lines.push(text), room: () => undefined };
      const { code, refused } = await runCommand(toRun, sink, { signal, guard });
      if (refused !== null) return notThere(refused);
      if (code === 0) return null;
      return `exit code ${code}${lines.length === 0 ? '' : `, ${quoted(lines.slice(-LAST_LINES).join(' | '))}`}`;
    },
  };
}

/** How many of the last lines of a command are told. */
const LAST_LINES = 3;
const MOST_CHARACTERS = 200;

function quoted(text: string): string {
  return `\`${text.length > MOST_CHARACTERS ? `…${text.slice(-MOST_CHARACTERS)}` : text}\``;
}

function saidInstead(line: string | undefined): string {
  return line === undefined ? 'it has said nothing' : `the last line is ${quoted(line)}`;
}

function protocolOf(address: string): string {
  try {
    return new URL(address).protocol;
  } catch {
    return '';
  }
}

function shown(command: Value | undefined): string {
  return Array.isArray(command) ? command.map(textFromValue).join(' ') : textFromValue(command ?? '');
}

/**
 * What was seen where nobody is there: `ECONNREFUSED`.
 *
 * @throws MachineFault where that is why there is nobody to be seen
 */
function notThere(error: NodeJS.ErrnoException): string {
  const lack = lackIn(error);
  if (lack !== undefined)
    throw new MachineFault(`the system refused to look whether a task is ready: ${lack}`);
  if (error.name === 'AbortError' || error.code === 'ABORT_ERR') return 'no answer in time';
  return error.code ?? error.message;
}

/** On this machine, by either family of addresses. */
function isOpen(port: number, signal: AbortSignal): Promise<string | null> {
  const asked = new Promise<null>((resolve, reject) => {
    const socket = connect({ port, host: 'localhost', signal });
    const settle = (done: () => void) => {
      socket.destroy();
      done();
    };
    socket.once('connect', () => settle(() => resolve(null)));
    socket.once('error', (error) => settle(() => reject(error)));
  });
  return asked.catch(notThere);
}

/** As orchestrators judge it: any answer from 200 to 399. */
function answers(address: string, signal: AbortSignal): Promise<string | null> {
  const asked = new Promise<string | null>((resolve, reject) => {
    const ask = address.startsWith('https:') ? getSecurely : get;
    const request = ask(address, { signal, agent: false }, (response) => {
      const { statusCode = 0 } = response;
      response.destroy();
      resolve(statusCode >= 200 && statusCode < 400 ? null : `status ${statusCode}`);
    });
    request.once('error', reject);
  });
  return asked.catch(notThere);
}
