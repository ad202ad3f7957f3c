/**
 * Looking whether a task is ready: at a port, an address, its output, or by a command; again and again, until it is, or
 * until it has ended.
 */
import { get } from 'node:http';
import { get as getSecurely } from 'node:https';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { lengthFromValue } from '../plan/duration.ts';
import type { Value, ValueMap } from '../plan/value.ts';
import { textFromValue } from '../plan/value-text.ts';
import { type Command, runCommand } from './command.ts';
import type { CommandGuard } from './command-guard.ts';
import { lackIn, MachineFault } from './machine-fault.ts';
import type { Readiness } from './readiness.ts';

export type ProbeOptions = {
  readonly request: ValueMap;
  readonly readiness: Readiness;
  readonly guard: CommandGuard;
  readonly commandOf: (request: ValueMap) => Command;
  readonly signal: AbortSignal;
};

/** One look: whether it is ready. `what`: what is looked for, as the end of "it ended before …". */
type Probe = { readonly what: string; readonly look: (signal: AbortSignal) => Promise<boolean> };

/** How long one look may take. */
const LOOK_MS = 5000;

/**
 * `ready`, or why it never will be.
 *
 * A task that has ended gets one last look: a program may start a server and leave it behind.
 */
export async function probeUntilReady(options: ProbeOptions): Promise<string> {
  const { request, readiness, signal } = options;
  const task = Number(request['task']);
  const probe = probeOf(options, task);
  if (typeof probe === 'string') return probe;
  const { minUs } = lengthFromValue(request['interval'] ?? '200ms');
  for (;;) {
    const end = readiness.endOf(task);
    if (await lookOnce(probe, signal)) return 'ready';
    if (signal.aborted) return 'nobody waits any more';
    if (end !== undefined) return `it ${end === 'finished' ? 'ended' : endWords(end)} before ${probe.what}`;
    await pause(readiness, task, Math.max(1, minUs / 1000), signal);
  }
}

function endWords(end: string): string {
  return end === 'failed' ? 'failed' : `was ${end}`;
}

async function lookOnce({ look }: Probe, signal: AbortSignal): Promise<boolean> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]);
  return look(limit);
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
    return { what: `a line matched /${textFromValue(log)}/`, look: async () => readiness.hasSaid(task) };
  const toRun = commandOf(request);
  return {
    what: `\`${shown(command)}\` succeeded`,
    look: async (signal) => {
      const sink = { line: () => {}, room: () => undefined };
      const { code, refused } = await runCommand(toRun, sink, { signal, guard });
      return refused === null ? code === 0 : notThere(refused);
    },
  };
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

/** @throws MachineFault where that is why there is nobody to be seen */
function notThere(error: Error): false {
  const lack = lackIn(error);
  if (lack !== undefined)
    throw new MachineFault(`the system refused to look whether a task is ready: ${lack}`);
  return false;
}

/** On this machine, by either family of addresses. */
function isOpen(port: number, signal: AbortSignal): Promise<boolean> {
  const asked = new Promise<boolean>((resolve, reject) => {
    const socket = connect({ port, host: 'localhost', signal });
    const settle = (done: () => void) => {
      socket.destroy();
      done();
    };
    socket.once('connect', () => settle(() => resolve(true)));
    socket.once('error', (error) => settle(() => reject(error)));
  });
  return asked.catch(notThere);
}

/** As orchestrators judge it: any answer from 200 to 399. */
function answers(address: string, signal: AbortSignal): Promise<boolean> {
  const asked = new Promise<boolean>((resolve, reject) => {
    const ask = address.startsWith('https:') ? getSecurely : get;
    const request = ask(address, { signal, agent: false }, (response) => {
      const { statusCode = 0 } = response;
      response.destroy();
      resolve(statusCode >= 200 && statusCode < 400);
    });
    request.once('error', reject);
  });
  return asked.catch(notThere);
}
