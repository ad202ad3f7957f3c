/**
 * What tasks ask of the supervisor: files and commands. One at a time for each task; whoever gives up or ends takes its
 * command with it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Kernel } from '../kernel/kernel.ts';
import { type Asked, answer, askedBy } from '../kernel/service.ts';
import { encode } from '../log/codec.ts';
import { services as names, RECORD } from '../log/record.ts';
import { lengthFromValue } from '../plan/duration.ts';
import type { Service } from '../plan/instruction.ts';
import { ScenarioError } from '../plan/scenario-error.ts';
import type { Value, ValueMap } from '../plan/value.ts';
import { textFromValue } from '../plan/value-text.ts';
import { type Backlog, createBacklog } from './backlog.ts';
import { type Command, resultOf, runCommand } from './command.ts';
import { type CommandGuard, createCommandGuard } from './command-guard.ts';
import { probeUntilReady } from './probe.ts';
import type { Readiness } from './readiness.ts';
import type { Workspace } from './workspace.ts';

export type Services = {
  /** In the critical section: takes up what a task asks for; gives what to do after it. */
  readonly take: (task: number) => () => void;
  readonly cancel: (task: number) => void;
  /** Ends all that is at work, and waits until it is gone. */
  readonly close: () => Promise<void>;
};

export type ServicesOptions = {
  readonly k: Kernel;
  readonly readiness: Readiness;
  readonly workspace: () => Workspace;
  /** Does something in the critical section, soon. */
  readonly errand: (deed: () => void) => void;
};

/** Lines of commands that are read and not yet in the log. */
const LINES_UNDER_WAY = 4096;

/** What all commands of a run share. */
type Means = ServicesOptions & { readonly guard: CommandGuard; readonly backlog: Backlog };

type Work = {
  readonly asked: Asked;
  readonly service: Service;
  readonly request: ValueMap;
  readonly signal: AbortSignal;
};

export function createServices(options: ServicesOptions): Services {
  const { k, errand } = options;
  const guard = createCommandGuard();
  const means: Means = { ...options, guard, backlog: createBacklog(LINES_UNDER_WAY) };
  const running = new Map<number, AbortController>();
  const pending = new Set<Promise<void>>();
  const begin = (work: Work): void => {
    const done = serve(means, work).then((text) => errand(() => answer(k, work.asked, text)));
    pending.add(done);
    void done.finally(() => pending.delete(done));
  };
  const cancel = (task: number): void => running.get(task)?.abort();
  return {
    take: (task) => {
      const asked = askedBy(k, task);
      if (asked === undefined) return () => {};
      const controller = new AbortController();
      cancel(task);
      running.set(task, controller);
      const service = names[asked.service] ?? 'call';
      const request = k.value(asked.word) as ValueMap;
      return () => begin({ asked, service, request, signal: controller.signal });
    },
    cancel,
    close: async () => {
      for (const controller of running.values()) controller.abort();
      await Promise.all(pending);
      await guard.close();
    },
  };
}

/** The answer as text: `{value}` or `{error: {name, message}}`. */
async function serve(means: Means, work: Work): Promise<string> {
  try {
    return encode({ value: await handlers[work.service](means, work) });
  } catch (error) {
    const name = error instanceof ScenarioError ? error.name : 'OSError';
    return encode({ error: { name, message: error instanceof Error ? error.message : String(error) } });
  }
}

type Handler = (means: Means, work: Work) => Promise<Value>;

const handlers = {
  load: async ({ workspace }, { request }) => workspace().load(Number(request['file'])),
  save: async ({ workspace }, { request }) => {
    workspace().save(Number(request['file']), request['value'] ?? null);
    return null;
  },
  run: runWithRetries,
  probe: ({ readiness, guard, workspace }, { request, signal }) => {
    const inWorkspace = (asked: ValueMap): Command => commandOf(asked, workspace().folder);
    return probeUntilReady({ request, readiness, guard, signal, commandOf: inWorkspace });
  },
  call: async () => {
    throw new ScenarioError('RuntimeError', 'user functions are not available in this version');
  },
} as const satisfies Readonly<Record<Service, Handler>>;

async function runWithRetries(means: Means, work: Work): Promise<Value> {
  const { request, signal } = work;
  const attempts = Math.max(1, Number(request['attempts'] ?? 1n));
  const { minUs } = lengthFromValue(request['delay'] ?? '0s');
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(means, work);
    } catch (error) {
      if (attempt >= attempts || signal.aborted) throw error;
      await delay(minUs / 1000, undefined, { signal }).catch(() => {});
    }
  }
}

async function runOnce(
  { k, workspace, errand, guard, backlog }: Means,
  { asked, request, signal }: Work,
): Promise<Value> {
  const command = commandOf(request, workspace().folder);
  const line = (text: string): void => {
    const done = backlog.add();
    errand(() => {
      done();
      if (askedBy(k, asked.task)?.ticket !== asked.ticket) return;
      k.recordTexts(RECORD.printed, asked.task, asked.step, [], [text]);
    });
  };
  const end = await runCommand(command, { line, room: backlog.room }, { signal, guard });
  const shown = typeof command.command === 'string' ? command.command : command.command.join(' ');
  if (end.refused !== null) throw new ScenarioError('OSError', `${shown}: ${end.refused}`);
  const codes = (request['codes'] ?? [0n]) as readonly Value[];
  if (codes.some((code) => Number(code) === end.code)) return resultOf(end);
  throw new ScenarioError(
    'CalledProcessError',
    `Command '${shown}' returned non-zero exit status ${end.code}.`,
  );
}

function commandOf(request: ValueMap, folder: string): Command {
  const { command, shell, env, cwd, stdin } = request;
  return {
    command: Array.isArray(command) ? command.map(textFromValue) : textFromValue(command ?? ''),
    env: { CONCUR_WORKSPACE: folder, ...environmentOf(env) },
    cwd: cwd === undefined || cwd === null ? process.cwd() : textFromValue(cwd),
    ...(shell === undefined || shell === null ? {} : { shell: textFromValue(shell) }),
    ...(stdin === undefined || stdin === null ? {} : { stdin: textFromValue(stdin) }),
  };
}

function environmentOf(env: Value | undefined): Record<string, string> {
  const entries = Object.entries((env ?? {}) as ValueMap);
  return Object.fromEntries(entries.map(([key, value]) => [key, textFromValue(value)]));
}
