/**
 * The real host: threads on tinypool workers, processes as children, over shared memory, watched by the supervisor.
 */

import type { Value } from '../../expression/values/value.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { createLayout } from '../../kernel/memory/create-layout.ts';
import { CONTROL, type Layout, type LayoutOptions } from '../../kernel/memory/layout.ts';
import { initializeMemory } from '../../kernel/memory/memory.ts';
import { startMain } from '../../kernel/primitives/task.ts';
import { refuseCall } from '../../kernel/runtime/call.ts';
import type { Event, RunEnd } from '../../log/event.ts';
import { Exhausted } from '../../log/exhausted.ts';
import { int } from '../../log/int.ts';
import { isFailure } from '../../log/is-failure.ts';
import { asksFor } from '../../plan/asks-for.ts';
import type { Plan } from '../../plan/plan.ts';
import { type CallHost, createCallHost } from '../calls/call-host.ts';
import { type CommandGuard, createCommandGuard } from '../commands/command-guard.ts';
import { createMask, type Mask } from '../commands/mask.ts';
import { loadSpawn } from '../commands/spawn.ts';
import { currentFolder, lackIn, MachineFault } from '../machine-fault.ts';
import { createMainVars } from '../main-vars.ts';
import type { Refusal } from '../memory/native.ts';
import { createSharedMemory, type SharedMemory } from '../memory/shared-memory.ts';
import { onAbort } from '../on-abort.ts';
import type { ProcessHost, ProcessHostOptions } from '../processes/process-host.ts';
import type { RunOptions } from '../run-options.ts';
import { createBacklogWatch } from './backlog-watch.ts';
import { type CarrierKernel, createCarrierKernel, monotonicUs, type RunContext } from './carrier-kernel.ts';
import { type Carriers, endCarriers } from './end-carriers.ts';
import { LONGEST_TIMER_MS, MUTEX_SPINS } from './pace.ts';
import { createReadiness } from './readiness.ts';
import { createServices, type Services } from './services.ts';
import { type Stop, Supervisor } from './supervisor.ts';
import { MOST_CARRIERS, startThreadPool, type ThreadPool } from './thread-pool.ts';
import { createTurnWatch } from './turn-watch.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

/** Words for texts, lists and maps: 256 MiB of address space, touched only where they are used. */
const VALUE_WORDS = 1 << 26;
/** Lines of commands that the log takes. */
const MOST_LINES = 1_000_000;
/** Cells of an unbounded queue, where there are few. */
const UNBOUNDED_CELLS = 1 << 20;

/** A run that follows another has the folder of that one. */
type RealOptions = RunOptions & { readonly workspace?: LateWorkspace };

/** Runs a plan for real. What the machine refuses is told as an inconclusive run. */
export async function runReal(plan: Plan, options: RealOptions, entry: string): Promise<RunEnd> {
  const layoutOptions = chooseLayout(plan);
  const layout = createLayout(plan, layoutOptions);
  const memory = await createSharedMemory(layout.size, plan.processes > 1);
  if (memory.kind === 'refused') return inconclusive(memory.cause);
  const guard = createCommandGuard();
  try {
    // Where it is gone, no thread can start.
    currentFolder();
    const run = { plan, layoutOptions, score: options.score };
    return await runInWorkspace({ memory, layout, guard }, run, options, entry);
  } catch (error) {
    if (error instanceof MachineFault) return inconclusive(error.message);
    throw error;
  } finally {
    await guard.close();
    memory.close();
  }
}

type Surroundings = {
  readonly memory: SharedMemory;
  readonly layout: Layout;
  readonly guard: CommandGuard;
};

async function runInWorkspace(
  around: Surroundings,
  run: Omit<RunContext, 'beginUs'>,
  options: RealOptions,
  entry: string,
): Promise<RunEnd> {
  const workspace = options.workspace ?? createWorkspaceOnce(run.plan, around.guard);
  let left: string | undefined;
  let end: RunEnd;
  try {
    end = await runIn({ ...around, workspace }, { ...run, beginUs: monotonicUs() }, options, entry);
  } finally {
    left = options.workspace === undefined ? workspace.close(options.keepWorkspace) : undefined;
  }
  return left === undefined ? end : { ...end, notes: [...(end.notes ?? []), left] };
}

function inconclusive(cause: string): RunEnd {
  return { mode: 'real', stopped: 'inconclusive', cause, events: 0, durationUs: 0 };
}

function chooseLayout(plan: Plan): LayoutOptions {
  const threads = plan.tasks.filter((task) => task.process === undefined).length;
  return {
    threadCarriers: Math.max(1, Math.min(MOST_CARRIERS, threads)),
    valueWords: VALUE_WORDS,
    unboundedCells: UNBOUNDED_CELLS,
  };
}

async function runIn(
  { memory, layout, guard, workspace }: Surroundings & { readonly workspace: LateWorkspace },
  run: RunContext,
  options: RunOptions,
  entry: string,
): Promise<RunEnd> {
  let supervisor: Supervisor | undefined;
  let services: Services | undefined;
  const ring = (): void => supervisor?.ring();
  const makeRoom = (): void => supervisor?.makeRoom();
  const { words, parking } = memory;
  const carrierKernel = createCarrierKernel(run, {
    words,
    parking,
    carrier: 0,
    spins: MUTEX_SPINS,
    bell: ring,
    supervisor: { makeRoom },
    layout,
  });
  const host = await hostFor(memory, run, carrierKernel, {
    ...{ entry, onBell: ring, environment: () => guard.environment },
    supervisor: () => supervisor as Supervisor,
    processEnded: (task) => services?.processEnded(task),
  });
  if (host.kind === 'refused') return inconclusive(host.cause);
  const { k } = carrierKernel;
  const readiness = createReadiness(run.plan);
  const mask = createMask(run.plan, process.env);
  const vars = options.followUp === undefined ? undefined : createMainVars(run.plan);
  let hasBegun = false;
  const handle = (event: Event): void => {
    if (event.type === 'began') {
      hasBegun = true;
      host.markStarted(run.plan.tasks[event.task]?.process ?? 0);
    }
    readiness.handle(event);
    vars?.handle(event);
    options.handle(mask === undefined ? event : mask.event(event));
    if (run.plan.failFast && isFailure(event)) supervisor?.stop('failFast');
  };
  const onFault = (cause: string): void => supervisor?.stop('inconclusive', cause);
  let callHost: CallHost | undefined;
  const calls = (): CallHost => {
    callHost ??= createCallHost({
      ...{ k, run, entry, memory: memory.handle, bellFd: null, onBell: ring },
      onFault,
      environment: () => guard.environment,
      refuse: (call, message) =>
        supervisor?.errand(() => refuseCall(k, call, { name: 'RuntimeError', message })),
      excluded: (deed) => supervisor?.errand(deed),
    });
    return callHost;
  };
  services = createServices({
    calls,
    k,
    readiness,
    mostLines: options.mostLines ?? MOST_LINES,
    workspace: workspace.open,
    guard,
    onFault,
    kill: options.kill,
    errand: (deed) => supervisor?.errand(deed),
  });
  const { canNeverEnd } = options;
  let pool: ThreadPool | undefined;
  const lookAtTurns = createTurnWatch(k, run.score, (cause) => supervisor?.stop('inconclusive', cause));
  const isBehind = createBacklogWatch(k, () => performance.now());
  supervisor = new Supervisor({
    k,
    plan: run.plan,
    sink: { ...options, handle },
    meter: options.meter ?? { spent: 0 },
    processes: host.processes,
    services,
    canNeverEnd,
    score: run.score,
    onTurn: () => {
      lookAtTurns();
      if (hasBegun && isBehind()) pool?.another();
    },
  });
  begin(carrierKernel);
  pool = startThreadPool({ run, memory: memory.handle, entry, onBell: ring });
  if (run.plan.programs.some((program) => asksFor(program, 'run'))) prepareCommands(workspace.open);
  if (run.plan.programs.some((program) => asksFor(program, 'call'))) guard.watchAll();
  const end = await superviseToEnd(supervisor, run, options, { k, host, pool, services, memory });
  const notes = services.notes();
  const told: RunEnd = {
    ...end,
    ...(notes.length === 0 ? {} : { notes: mask === undefined ? notes : notes.map(mask.text) }),
    ...(services.hasLostLines() ? { hasLostLines: true } : {}),
    ...(hasFiles(run.plan) ? { files: masked(await workspace.open().contents(), mask) } : {}),
  };
  const next = await options.followUp?.(told, vars?.cells ?? []);
  if (next !== undefined) next.done(await runReal(next.plan, { ...next.options, workspace }, entry));
  return told;
}

/** What the first command would wait for: while the threads start there is time for it. */
function prepareCommands(openWorkspace: () => void): void {
  void loadSpawn();
  try {
    openWorkspace();
  } catch {
    // The first command that needs it is told why it cannot be.
  }
}

function masked(
  files: Readonly<Record<string, Value>>,
  mask: Mask | undefined,
): Readonly<Record<string, Value>> {
  if (mask === undefined) return files;
  return Object.fromEntries(Object.entries(files).map(([name, value]) => [name, mask.value(value)]));
}

function hasFiles(plan: Plan): boolean {
  return plan.resources.some((resource) => resource.kind === 'file');
}

type LateWorkspace = {
  readonly open: () => Workspace;
  /** Whoever wants to keep the folder is told where it is. */
  readonly close: (keep: RunOptions['keepWorkspace']) => ReturnType<Workspace['close']>;
};

/** A run that needs no folder makes none. */
function createWorkspaceOnce(plan: Plan, guard: CommandGuard): LateWorkspace {
  let made: Workspace | undefined;
  const open = (): Workspace => {
    if (made !== undefined) return made;
    made = createWorkspace(plan, guard.watchFolder);
    return made;
  };
  if (hasFiles(plan)) open();
  return {
    open,
    close(keep) {
      if (made === undefined || keep === undefined) return made?.close();
      keep(made.folder);
      return undefined;
    },
  };
}

/** Carriers are ended whatever happens; what broke first is what is told. */
async function superviseToEnd(
  supervisor: Supervisor,
  run: RunContext,
  options: RunOptions,
  carriers: Carriers & { readonly memory: SharedMemory },
): Promise<RunEnd> {
  const unwatch = watchOver(supervisor, run, options, carriers.pool);
  let stop: Stop | undefined;
  try {
    stop = await supervisor.supervise();
  } finally {
    unwatch();
    if (stop === undefined) await endCarriers(carriers, options.kill);
  }
  const { left, bug } = await endCarriers(carriers, options.kill);
  // A worker that was still starting when the run was over is not missed.
  if (bug !== undefined && refusalOf(bug) === undefined && !supervisor.isCut) throw bug;
  stop = await supervisor.drainAll(stop);
  if (bug === undefined && left.length === 0) carriers.memory.retire(usedWords(carriers.k, supervisor));
  return endOf(stop, { events: supervisor.events, durationUs: supervisor.endedUs, left });
}

/** How far the memory was written. Where the state cannot be trusted, that it says so means nothing. */
function usedWords({ words, layout }: Kernel, { isCut }: Supervisor): number {
  return isCut ? words.length : layout.valuesAt + int(words[CONTROL.valueTop]);
}

/** A plan without processes needs none of their machinery. */
const noHost: ProcessHost = {
  kind: 'host',
  processes: { spawn: () => {}, signal: () => {} },
  markStarted: () => {},
  close: async () => [],
};

async function hostFor(
  memory: SharedMemory,
  run: RunContext,
  { k, mutex }: CarrierKernel,
  means: Pick<ProcessHostOptions, 'entry' | 'onBell' | 'environment' | 'supervisor' | 'processEnded'>,
): Promise<ProcessHost | Refusal> {
  const { native, handle } = memory;
  if (native === undefined || handle.kind !== 'mapped') return noHost;
  const { createProcessHost } = await import('../processes/process-host.ts');
  return createProcessHost({ ...means, k, mutex, run, native, memoryFd: handle.fd });
}

/** Where the vars are more than memory holds, the supervisor finds that when it first looks. */
function begin({ k }: CarrierKernel): void {
  k.enter();
  try {
    initializeMemory(k);
  } catch (error) {
    if (!(error instanceof Exhausted)) throw error;
    k.runOut(error, 0, -1);
    return;
  }
  startMain(k);
  k.leave();
}

type Measured = Pick<RunEnd, 'events' | 'durationUs'> & { readonly left: readonly number[] };

function endOf({ reason, cause, place }: Stop, { events, durationUs, left }: Measured): RunEnd {
  if (left.length === 0)
    return {
      ...{ mode: 'real', stopped: reason, cause, events, durationUs },
      ...(place === undefined ? {} : { place }),
    };
  const leftOver = `the system did not end these processes: ${left.join(', ')}`;
  return {
    mode: 'real',
    stopped: reason ?? 'inconclusive',
    cause: cause ?? leftOver,
    events,
    durationUs,
  };
}

/** Everything that can end a run from outside: the signals, the run's timeout, a carrier that broke. */
function watchOver(
  supervisor: Supervisor,
  { plan, beginUs }: RunContext,
  { signal, kill }: RunOptions,
  pool: ThreadPool,
): () => void {
  const unwatch = [
    nowOrOnAbort(signal, () => supervisor.stop('interrupt')),
    nowOrOnAbort(kill, () => supervisor.interruptNow()),
    atTime(beginUs + plan.timeoutUs, () => supervisor.stop('timeout')),
  ];
  let isWatching = true;
  pool.done.catch((error: unknown) => {
    if (!isWatching) return;
    const refused = refusalOf(error);
    if (refused === undefined) supervisor.fail(error);
    else supervisor.abandon(refused);
  });
  return () => {
    isWatching = false;
    for (const end of unwatch) end();
  };
}

function nowOrOnAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (signal?.aborted === true) callback();
  return onAbort(signal, callback);
}

/** @param us on the monotonic clock, however far away */
function atTime(us: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    const leftMs = (us - monotonicUs()) / 1000;
    if (leftMs <= 0) callback();
    else timer = setTimeout(look, Math.min(leftMs, LONGEST_TIMER_MS));
  };
  look();
  return () => clearTimeout(timer);
}

/** The system or the heap's limit is in the way of a worker: no bug, but no run either. */
function refusalOf(error: unknown): string | undefined {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof MachineFault) return message;
  const lack = lackIn(error) ?? (code?.startsWith('ERR_WORKER') ? message : undefined);
  return lack === undefined ? undefined : `the system refused a thread: ${lack}`;
}
