/**
 * Who waits for what can never be, while others can still go on.
 *
 * Whoever can go on may help others to do so, and those others in turn; who is left is stuck. Who could help is told by
 * whole programs, not by the steps that are left of them: a task past its last `signal` still counts, so that what is
 * found here is certain. But one that gives back only what it takes itself gives nothing to others.
 */
import type { OperationName } from '../plan/operation.ts';
import { canGoOn, programsThat } from './blockage.ts';
import { isLive, type ModelState, type TaskRecord } from './model-state.ts';
import type { ResourceRecord } from './resource-record.ts';
import { awaitedAtEnd } from './support.ts';
import { findTally } from './tally.ts';

/** Tasks that wait for the same, and so are helped by the same. */
type Crowd = { readonly tasks: TaskRecord[]; readonly isHelpedBy: (task: TaskRecord) => boolean };

/** In the plan's order; empty if nobody is. Linear in tasks times the things they wait for. */
export function findStuck(state: ModelState): readonly TaskRecord[] {
  const blocked = new Set(state.tasks.filter((task) => isBlocked(state, task)));
  const crowds = gather(state, blocked);
  const free = state.tasks.filter((task) => isLive(task) && !blocked.has(task));
  const starts = startsOthers(state);
  let unstarted = state.tasks.filter((task) => task.state === 'notStarted');

  for (let task = free.pop(); task !== undefined && crowds.size > 0; task = free.pop()) {
    for (const [key, crowd] of crowds) {
      if (!crowd.isHelpedBy(task)) continue;
      crowds.delete(key);
      for (const helped of crowd.tasks) blocked.delete(helped);
      free.push(...crowd.tasks);
    }
    if (starts[task.plan.program] !== true) continue;
    free.push(...unstarted);
    unstarted = [];
  }
  return [...blocked];
}

function isBlocked(state: ModelState, task: TaskRecord): boolean {
  return task.state === 'waiting' && !task.wait.timed && !canGoOn(state, task);
}

function gather(state: ModelState, blocked: ReadonlySet<TaskRecord>): Map<string, Crowd> {
  const crowds = new Map<string, Crowd>();
  const helpful = createHelp(state);
  for (const task of blocked) {
    const { operation, target } = task.wait;
    const resource = state.resources[target];
    const isNotified = resource?.kind === 'condition' && resource.notified.has(task.id);
    const place = operation === 'end' ? task.process : target;
    const key = `${operation} ${place} ${isNotified ? 'lock' : ''}`;
    const crowd = crowds.get(key);
    if (crowd !== undefined) crowd.tasks.push(task);
    else crowds.set(key, { tasks: [task], isHelpedBy: helpful(task) });
  }
  return crowds;
}

/** Who could end the wait of that task, of those who can go on. */
function createHelp(state: ModelState): (task: TaskRecord) => (other: TaskRecord) => boolean {
  const calls = programsWithService(state, 'call');
  const runs = programsWithService(state, 'run');

  return (task) => {
    const help = helpFor(task);
    // A function of the user's own may do anything.
    return (other) => calls[other.plan.program] === true || help(other);
  };

  function helpFor(task: TaskRecord): (other: TaskRecord) => boolean {
    const { operation, target } = task.wait;
    if (operation === 'await') return () => true;
    if (operation === 'task.join') return (other) => other.id === target;
    if (operation === 'end') {
      const awaited = new Set(awaitedAtEnd(state, task).map((other) => other.id));
      return (other) => awaited.has(other.id);
    }
    const resource = state.resources[target];
    return resource === undefined ? () => true : helpWith(resource, task);
  }

  function helpWith(resource: ResourceRecord, task: TaskRecord): (other: TaskRecord) => boolean {
    switch (resource.kind) {
      case 'lock':
        return holderOr(resource, 'lock.acquire', 'lock.release');
      case 'rlock':
        return (other) => other.id === resource.owner;
      case 'semaphore':
        return holderOr(resource, 'semaphore.acquire', 'semaphore.release');
      case 'condition': {
        const lock = state.resources[resource.plan.lock];
        if (resource.notified.has(task.id) && lock !== undefined) return helpWith(lock, task);
        return doers(['condition.notify'], resource.id);
      }
      case 'queue': {
        const able = doers(queueHelp[task.wait.operation] ?? [], resource.id);
        // The lines of a command may go into a queue.
        return (other) => able(other) || runs[other.plan.program] === true;
      }
      case 'event':
        return doers(['event.signal'], resource.id);
      case 'barrier':
        return doers(['barrier.wait', 'barrier.release', 'barrier.reset', 'barrier.abort'], resource.id);
      case 'pipeEnd': {
        const sends = doers(['pipe.send', 'pipe.close'], resource.plan.peer);
        const closes = doers(['pipe.close'], resource.id);
        return (other) => sends(other) || closes(other);
      }
      case 'pool':
      case 'file':
        return () => true;
    }
  }

  function doers(names: readonly OperationName[], resource: number): (other: TaskRecord) => boolean {
    const able = programsThat(state.plan, names, resource);
    return (other) => able[other.plan.program] === true;
  }

  function holderOr(
    resource: ResourceRecord,
    acquires: OperationName,
    releases: OperationName,
  ): (other: TaskRecord) => boolean {
    const gives = doers([releases], resource.id);
    const takes = doers([acquires], resource.id);
    return (other) => findTally(other.held, resource.id) !== null || (gives(other) && !takes(other));
  }
}

const queueHelp: Readonly<Partial<Record<TaskRecord['wait']['operation'], readonly OperationName[]>>> = {
  'queue.get': ['queue.put', 'queue.close'],
  'queue.put': ['queue.get', 'queue.close'],
  'queue.join': ['queue.taskDone', 'queue.close'],
};

function programsWithService({ plan }: ModelState, service: 'call' | 'run'): readonly boolean[] {
  return plan.programs.map(({ instructions }) =>
    instructions.some((instruction) => instruction.op === 'external' && instruction.service === service),
  );
}

function startsOthers({ plan }: ModelState): readonly boolean[] {
  return plan.programs.map(({ instructions }) =>
    instructions.some(
      (instruction) => instruction.op === 'operate' && instruction.operation === 'task.start',
    ),
  );
}
