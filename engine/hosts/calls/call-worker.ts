/**
 * The thread of a task's calls: it loads the user's module, runs the function, and does in the task's name what the
 * function asks of the scenario. Ships as a bundle of its own.
 *
 * Everything ends by handing the task back, whatever the function does: return, throw, exit its thread, leave a promise
 * open past its time.
 */

import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { ScenarioError } from '../../expression/values/scenario-error.ts';
import type { ValueMap } from '../../expression/values/value.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { TASK } from '../../kernel/memory/layout.ts';
import { type Call, handBack, handBackLate, isCallOf, takeOver } from '../../kernel/runtime/call.ts';
import { encode } from '../../log/codec.ts';
import { Exhausted } from '../../log/exhausted.ts';
import { int } from '../../log/int.ts';
import { STOPPED } from '../../machine/frame.ts';
import { Performer } from '../../machine/performer.ts';
import type { ActionPart } from '../../plan/instruction.ts';
import { openSharedMemory } from '../memory/shared-memory.ts';
import { createCarrierKernel } from '../real/carrier-kernel.ts';
import { MUTEX_SPINS } from '../real/pace.ts';
import { unpackRun } from '../real/packed-run.ts';
import { ring } from '../real/ring.ts';
import { createCallContext } from './call-context.ts';
import { type CallWorkerInput, THREAD } from './call-host.ts';
import { fromJavaScript, toJavaScript } from './call-values.ts';

const { run: packed, memory, carrier, task, ticket: first, bellFd, state } = workerData as CallWorkerInput;

const { words, parking } = openSharedMemory(memory);
const bell = (): void => {
  if (bellFd === null) parentPort?.postMessage('bell');
  else ring(bellFd);
};
const run = unpackRun(packed);
const { k } = createCarrierKernel(run, { words, parking, carrier, spins: MUTEX_SPINS, bell });

// Who gave the call up meanwhile did not end this thread, but left it to itself.
if (Atomics.compareExchange(state, 0, THREAD.loading, THREAD.busy) !== THREAD.loading) process.exit();

// The user's line is to be among them, below all that is ours.
Error.stackTraceLimit = 100;

/** The call at hand: what it prints, and how it ends. */
type Current = { readonly print: (text: string) => void; readonly end: (answer: string) => void };
let current: Current | undefined;
/** What the thread is when a call is over. */
let afterwards: number = THREAD.idle;

redirectOutput();
process.on('uncaughtException', (error) => current?.end(failure(error)));
process.on('exit', (code) => {
  afterwards = THREAD.left;
  const error = new ScenarioError('RuntimeError', `the function ended its thread with code ${code}`);
  current?.end(failure(error));
});
parentPort?.on('message', (ticket: number) => void perform({ task, ticket }));
void perform({ task, ticket: first });

async function perform(call: Call): Promise<void> {
  const begun = begin(call);
  if (begun === undefined) {
    Atomics.store(state, 0, THREAD.idle);
    return;
  }
  const { request, leftUs, performer, actions } = begun;
  const mine = currentOf(call, begun);
  current = mine;
  try {
    const work = await loadFunction(String(request['module']), String(request['name']));
    const stopping = (): AbortSignal => stopSignal(call, begun.deadlineUs);
    const own = { plan: run.plan, performer, task, pid: process.pid, actions };
    const context = createCallContext({ ...own, leftUs, stopping });
    const result: unknown = await work(toJavaScript(request['input'] ?? null), context);
    mine.end(encode({ value: fromJavaScript(result) }));
  } catch (error) {
    mine.end(failure(error));
  }
}

type Begun = {
  readonly request: ValueMap;
  readonly performer: Performer;
  readonly actions: readonly ActionPart[];
  readonly deadlineUs: number;
  readonly step: number;
  readonly leftUs: () => number;
};

function begin(call: Call): Begun | undefined {
  k.refreshClock();
  if (!k.enter()) return undefined;
  const taken = takeOver(k, call);
  const request = taken === undefined ? {} : (k.value(taken.word) as ValueMap);
  if (taken !== undefined) k.freeWord(taken.word);
  k.leave();
  if (taken === undefined) return undefined;
  const { step, deadlineUs } = taken;
  const identity = { pidOf: () => process.pid, carrier, isVirtual: false, env: process.env };
  const { scratch, actions = [] } = instructionOf(k);
  const performer = new Performer(k, identity, { ...call, step, scratch });
  return { request, performer, actions, deadlineUs, step, leftUs: () => leftUntil(deadlineUs) };
}

/** What the instruction of the call says of it. */
function instructionOf({ plan, layout }: Kernel) {
  const pc = int(words[int(layout.taskAt[task]) + TASK.pc]);
  const instruction = plan.programs[plan.tasks[task]?.program ?? 0]?.instructions[pc];
  if (instruction?.op !== 'external' || instruction.scratch === undefined)
    throw new Error('bug in concur: a call without a slot for results');
  return { ...instruction, scratch: instruction.scratch };
}

function leftUntil(deadlineUs: number): number {
  k.refreshClock();
  if (k.now < deadlineUs) return deadlineUs - k.now;
  throw new ScenarioError('TimeoutError', '');
}

function currentOf(call: Call, { performer, deadlineUs, step }: Begun): Current {
  let isOver = false;
  return {
    print: (text) => {
      try {
        performer.print(text);
      } catch (error) {
        if (error !== STOPPED) throw error;
      }
    },
    end: (answer) => {
      // It may have ended by an error in a callback, while its promise was still open: that ends no other call.
      if (isOver) return;
      isOver = true;
      current = undefined;
      clearInterval(looking);
      [looking, stopper] = [undefined, undefined];
      k.refreshClock();
      if (!k.enter()) return;
      // Before the task can go on, and ask for the next one.
      Atomics.store(state, 0, afterwards);
      if (k.now >= deadlineUs && isCallOf(k, call)) handBackLate(k, call);
      else if (!handedBack(call, step, answer)) return;
      k.leave();
    },
  };
}

/** In the critical section, which it leaves where the answer finds no room: then the run is over. */
function handedBack(call: Call, step: number, answer: string): boolean {
  try {
    handBack(k, call, answer);
    return true;
  } catch (error) {
    if (!(error instanceof Exhausted)) throw error;
    k.runOut(error, call.task, step);
    return false;
  }
}

/** Aborted once the function is to come to its end. Whoever asks for it is told what holds then. */
function stopSignal(call: Call, deadlineUs: number): AbortSignal {
  stopper ??= new AbortController();
  const mine = stopper;
  const look = (): void => {
    k.refreshClock();
    if (isCallOf(k, call) && k.now < deadlineUs) return;
    clearInterval(looking);
    mine.abort();
  };
  looking ??= setInterval(look, LOOK_MS).unref();
  look();
  return mine.signal;
}

/** Of the call at hand, where it has asked for its signal. */
let stopper: AbortController | undefined;
let looking: NodeJS.Timeout | undefined;
const LOOK_MS = 50;

type Work = (input: unknown, context: unknown) => unknown;

/** @throws ScenarioError by Python's names */
async function loadFunction(module: string, name: string): Promise<Work> {
  const file = resolve(dirname(run.plan.file), module);
  if (!existsSync(file))
    throw new ScenarioError('ModuleNotFoundError', `there is no file '${module}': it would be ${file}`);
  const exports = await importModule(file, module);
  const work = exports[name];
  if (typeof work === 'function') return work as Work;
  const others = Object.keys(exports).filter((key) => typeof exports[key] === 'function');
  const has = others.length === 0 ? 'it exports none' : `it exports ${others.join(', ')}`;
  throw new ScenarioError('AttributeError', `'${module}' exports no function '${name}': ${has}`);
}

async function importModule(file: string, module: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_UNKNOWN_FILE_EXTENSION' || !/\.[cm]?ts$/.test(file))
      throw error;
    const why = `this Node, ${process.version}, cannot load TypeScript: that takes 22.18 or newer`;
    throw new ScenarioError('ImportError', `'${module}': ${why}`);
  }
}

/** An error of the user's, with its place in their file. */
function failure(error: unknown): string {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  const place = error instanceof Error ? placeOf(error.stack ?? '') : undefined;
  const text = [message, ...(place === undefined ? [] : [`(at ${place})`])].join(' ').trim();
  return encode({ error: { name: name === '' ? 'Error' : name, message: text } });
}

/** The innermost line of the stack that is neither ours nor Node's. */
function placeOf(stack: string): string | undefined {
  for (const line of stack.split('\n')) {
    const [, file, place] = /(?:\(|at (?:async )?)((?:file:\/\/)?\/[^()]*?):(\d+:\d+)\)?$/.exec(line) ?? [];
    if (file === undefined) continue;
    const path = file.startsWith('file:') ? fileURLToPath(file) : file;
    if (path !== __filename) return `${relative(dirname(resolve(run.plan.file)), path)}:${place}`;
  }
  return undefined;
}

/** What the function writes is printed by its task, line by line. */
function redirectOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    let open = '';
    const write = (chunk: string | Uint8Array): boolean => {
      const lines = (open + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())).split('\n');
      open = lines.pop() ?? '';
      for (const line of lines) current?.print(line);
      return true;
    };
    stream.write = write as typeof stream.write;
  }
}
