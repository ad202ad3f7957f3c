/**
 * Why a wait can never end, in plain words for a learner: what the task waits for, who has it or could give it, and
 * what keeps that one from doing so.
 */
import { isShown } from '../../plan/is-shown.ts';
import type { OperationName } from '../../plan/operation.ts';
import { countInside } from '../model/barrier-rules.ts';
import { isEnded, isLive, type ModelState, type TaskRecord, taskName } from '../model/model-state.ts';
import type { BarrierRecord, ConditionRecord, LockRecord, ResourceRecord } from '../model/resource-record.ts';
import { findTally } from '../model/tally.ts';
import { counted, type LineOf, lineNote, listed, MOST_NAMES, quoted, seconds } from '../show.ts';
import { whoIsBefore } from './blockage.ts';
import { awaitedName, doing } from './doing.ts';
import { lockToTakeBack, type Support } from './support.ts';

export type Explainer = {
  /** The name of what the task waits for; of an `await` or the end of a program, the step's text or nothing. */
  awaited(task: TaskRecord): string;
  /** One or two short sentences' worth, without a full stop. */
  why(task: TaskRecord): string;
};

/** @param lineOf for line numbers; without it there are none in the texts */
export function createExplainer(state: ModelState, support: Support, lineOf?: LineOf): Explainer {
  return { awaited: (task) => awaitedName(state, task), why };

  function why(task: TaskRecord): string {
    const { operation, target } = task.wait;
    if (operation === 'await') return `what it waits for is not true, and ${whoIsLeft(task)}`;
    if (operation === 'end') return whyEnd(task);
    if (operation === 'task.join') return whyJoin(task, target);
    const resource = state.resources[target];
    const before = whoIsBefore(state, task);
    if (before !== undefined) return whyOrder(task, before);
    return resource === undefined ? '' : whyResource(task, resource, operation);
  }

  function whyOrder(task: TaskRecord, before: TaskRecord): string {
    return `${quoted(before.name)} came to ${quoted(awaitedName(state, task))} before it and is next, and itself ${doing(state, before)}`;
  }

  /** Of those who have ended nobody says that they wait. */
  function whoIsLeft(task: TaskRecord): string {
    const isOther = (other: TaskRecord) => other !== task && isLive(other) && isShown(state.plan, other.id);
    return state.tasks.some(isOther)
      ? 'all other tasks that are left wait too'
      : 'no other task is left that could change it';
  }

  function whyEnd(task: TaskRecord): string {
    const awaited = support.certain(task);
    const names = awaited.slice(0, MOST_NAMES).map((other) => taskName(state, other));
    return `its program ends only after ${listed(names, awaited.length)}, which ${plural(awaited, 'waits', 'wait')} too`;
  }

  function whyJoin(task: TaskRecord, target: number): string {
    const joined = state.tasks[target];
    if (joined === undefined) return '';
    if (joined === task) return 'it waits for its own end';
    return `${quoted(joined.name)} never ends: it ${doing(state, joined)}`;
  }

  function whyResource(task: TaskRecord, resource: ResourceRecord, operation: OperationName): string {
    switch (resource.kind) {
      case 'lock':
      case 'rlock':
        return whyLock(task, resource);
      case 'semaphore':
        return whySemaphore(task, resource);
      case 'queue':
        return whyQueue(task, resource, operation);
      case 'event':
        return `${quoted(resource.name)} is not set, and ${absence(task, resource, operation, 'signals')}`;
      case 'condition':
        return whyCondition(task, resource, operation);
      case 'barrier':
        return whyBarrier(task, resource, operation);
      case 'pipeEnd':
        return `nothing is left at ${quoted(resource.name)}, and ${absence(task, resource, operation, 'sends to it')}`;
      case 'pool':
        return whyPool(task, resource, operation);
      case 'file':
        return '';
    }
  }

  function whyCondition(task: TaskRecord, condition: ConditionRecord, operation: OperationName): string {
    const lock = lockToTakeBack(state, condition, task);
    if (lock !== null) {
      const isNotified = condition.called.get(task.id) === 'notified';
      const takes = isNotified ? 'it was notified and takes' : 'its time is over, and it takes';
      return `${takes} ${quoted(lock.name)} back: ${whyLock(task, lock)}`;
    }
    const { lost } = condition;
    const early =
      lost.at < 0 || lost.at > task.wait.sinceUs
        ? ''
        : `; the notify at ${seconds(lost.at)}${lineNote(state.plan, lost.step, lineOf)} found nobody, and is lost`;
    return `${absence(task, condition, operation, `notifies ${quoted(condition.name)}`)}${early}`;
  }

  function whyBarrier(task: TaskRecord, barrier: BarrierRecord, operation: OperationName): string {
    const actor = state.tasks[barrier.acting];
    if (actor !== undefined) {
      const what = isEnded(actor) ? 'ended in it' : `itself ${doing(state, actor)}`;
      return `all have come to ${quoted(barrier.name)}; ${quoted(actor.name)} does its action, and ${what}`;
    }
    const come = `${countInside(barrier)} of ${barrier.plan.parties} have come to ${quoted(barrier.name)}`;
    return `${come}, and ${absence(task, barrier, operation, 'comes there')}`;
  }

  function whyPool(task: TaskRecord, pool: ResourceRecord, operation: OperationName): string {
    if (task.plan.pool === undefined) return `no task is in line for ${quoted(pool.name)}`;
    return `no worker of ${quoted(pool.name)} is free: ${absence(task, pool, operation, 'takes tasks')}`;
  }

  function whyLock(task: TaskRecord, lock: LockRecord): string {
    const owner = state.tasks[lock.owner];
    const held = owner === undefined ? null : findTally(owner.held, lock.id);
    if (owner === undefined || held === null) return `${quoted(lock.name)} is not given to it`;
    const at = `at ${seconds(held.sinceUs)}${lineNote(state.plan, held.step, lineOf)}`;
    if (owner === task) return `it took ${quoted(lock.name)} itself ${at}; only an rlock can be taken twice`;
    if (isEnded(owner))
      return `${quoted(owner.name)} ended holding it, taken at ${taken(owner, lock)}; a lock stays taken`;
    return `${quoted(owner.name)} took it ${at} and itself ${doing(state, owner)}`;
  }

  function taken(owner: TaskRecord, resource: ResourceRecord): string {
    const held = findTally(owner.held, resource.id);
    return `${seconds(held?.sinceUs ?? 0)}${lineNote(state.plan, held?.step ?? -1, lineOf)}`;
  }

  function whySemaphore(
    task: TaskRecord,
    semaphore: ResourceRecord & { readonly kind: 'semaphore' },
  ): string {
    const holders = support.holders(semaphore);
    const free =
      semaphore.free === 0
        ? 'no permit free'
        : `${counted(semaphore.free, 'permit')} free of ${task.wait.amount} asked for`;
    const name = quoted(semaphore.name);
    if (holders.length === 0)
      return `${name} has ${free}, and ${absence(task, semaphore, 'semaphore.acquire', 'releases')}`;
    const ended = holders.filter(isEnded);
    const live = holders.filter((holder) => isLive(holder) && holder !== task);
    const parts = [`${name} has ${free}`];
    if (holders.includes(task)) parts.push(`it holds ${heldOf(task, semaphore)} of it itself`);
    if (live.length > 0)
      parts.push(`${named(live)} ${plural(live, 'holds it and waits', 'hold it and wait')} too`);
    if (ended.length > 0) parts.push(`${named(ended)} ended holding it`);
    return parts.join('; ');
  }

  function heldOf(task: TaskRecord, resource: ResourceRecord): number {
    return findTally(task.held, resource.id)?.amount ?? 0;
  }

  function whyQueue(
    task: TaskRecord,
    queue: ResourceRecord & { readonly kind: 'queue' },
    operation: OperationName,
  ): string {
    const name = quoted(queue.name);
    if (operation === 'queue.get')
      return `${name} is empty, and ${absence(task, queue, operation, 'puts into it')}`;
    if (operation === 'queue.put') {
      const full = `${name} is full with ${counted(queue.items.size(), 'item')}`;
      return `${full}, and ${absence(task, queue, operation, 'gets from it')}`;
    }
    const open = `${counted(queue.unfinished, 'item')} of ${name} ${queue.unfinished === 1 ? 'is' : 'are'} not done`;
    return `${open}, and ${absence(task, queue, operation, 'does `task_done`')}`;
  }

  /** Why nobody does it: those who could wait themselves, have ended, were never started, or never were. */
  function absence(
    task: TaskRecord,
    resource: ResourceRecord,
    operation: OperationName,
    deed: string,
  ): string {
    const able = support.able(operation, resource.id);
    const live = others(able.live, task);
    const [first] = live;
    if (first !== undefined && live.length === 1) {
      const does = support.doesUsual(first, operation, resource.id) ? deed : 'could end that';
      return `${quoted(first.name)}, which ${does}, itself ${doing(state, first)}`;
    }
    if (first !== undefined) return `${named(live)}, which could do that, wait themselves`;
    const nobody = `no task that is left ${deed}`;
    if (able.ended.length > 0)
      return `${nobody}: ${named(able.ended)} ${plural(able.ended, 'has', 'have')} ended`;
    if (able.notStarted.length === 0) return nobody;
    return `${nobody}: ${named(able.notStarted)} ${plural(able.notStarted, 'was', 'were')} never started`;
  }
}

function others(tasks: readonly TaskRecord[], task: TaskRecord): readonly TaskRecord[] {
  const place = tasks.indexOf(task);
  return place < 0 ? tasks : tasks.toSpliced(place, 1);
}

/** However many they are, only the first few names are looked at. */
function named(tasks: readonly TaskRecord[]): string {
  return listed(
    tasks.slice(0, MOST_NAMES).map((task) => task.name),
    tasks.length,
  );
}

function plural(tasks: readonly unknown[], one: string, several: string): string {
  return tasks.length === 1 ? one : several;
}
