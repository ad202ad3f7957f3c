/**
 * Who holds which locks and permits, from the operations in the log; for display.
 */
import type { EventOf } from '../../log/event.ts';
import type { Plan } from '../../plan/plan.ts';

export type Holdings = {
  operated(event: EventOf<'operated'>): void;
  /** A task has ended: what `onHolderExit` gives back is held no more. */
  ended(task: number): void;
  /** Names of the resources a task holds, in the order it took them. */
  of(task: number): readonly string[];
  /** Which tasks hold a resource, in the order of the file, and whether nothing of it is left for others. */
  holders(resource: number): { readonly tasks: readonly number[]; readonly isFull: boolean };
  /** How many of a group's tasks hold each resource; the elements of an array count as one resource, under its name. */
  inGroup(group: number): ReadonlyMap<string, number>;
};

export function createHoldings(plan: Plan): Holdings {
  /** By task: resource → how often it has taken it. */
  const held = new Map<number, Map<number, number>>();
  /** By lock: the task that holds it, for any task may release a plain lock. */
  const owners = new Map<number, number>();
  const groups = new Map<number, Map<string, number>>();
  /** By semaphore: how many permits are free, once that has changed. */
  const free = new Map<number, number>();
  /** `fork[2]` → `fork` */
  const baseNames = plan.resources.map(({ name }) => name.replace(/\[\d+\]$/, ''));

  const holdsAnyOf = (task: number, name: string) => {
    for (const resource of held.get(task)?.keys() ?? []) if (baseNames[resource] === name) return true;
    return false;
  };

  const countInGroup = (task: number, name: string, change: 1 | -1) => {
    const group = plan.tasks[task]?.group ?? -1;
    const holders = groups.get(group) ?? new Map<string, number>();
    groups.set(group, holders);
    const count = (holders.get(name) ?? 0) + change;
    if (count > 0) holders.set(name, count);
    else holders.delete(name);
  };

  const change = (task: number, resource: number, amount: number) => {
    const mine = held.get(task) ?? new Map<number, number>();
    held.set(task, mine);
    const name = baseNames[resource] ?? '';
    const heldBefore = holdsAnyOf(task, name);
    const count = (mine.get(resource) ?? 0) + amount;
    if (count > 0) mine.set(resource, count);
    else mine.delete(resource);
    if (holdsAnyOf(task, name) !== heldBefore) countInGroup(task, name, heldBefore ? -1 : 1);
  };

  /** So many permits more are free. @returns how many more are held: what is missing of those there were at first */
  const count = (semaphore: number, more: number) => {
    const declared = plan.resources[semaphore];
    if (declared?.kind !== 'semaphore') return -more;
    const before = free.get(semaphore) ?? declared.permits;
    free.set(semaphore, before + more);
    return Math.max(0, declared.permits - before - more) - Math.max(0, declared.permits - before);
  };

  /** The releaser's own first, then those of the other holders, in the order of the file. */
  const giveBack = (task: number, semaphore: number, permits: number) => {
    let left = permits;
    for (const holder of [task, ...[...held.keys()].sort((a, b) => a - b)]) {
      const given = Math.min(left, held.get(holder)?.get(semaphore) ?? 0);
      if (given > 0) change(holder, semaphore, -given);
      left -= given;
    }
  };

  /** The releaser's own, or that of whoever took it last: of one that is switched off, several may have it. */
  const releaseLock = (task: number, lock: number) => {
    const giver = held.get(task)?.has(lock) === true ? task : (owners.get(lock) ?? task);
    change(giver, lock, -1);
    if (owners.get(lock) !== giver || held.get(giver)?.has(lock) === true) return;
    const next = [...held.keys()].sort((a, b) => a - b).find((one) => held.get(one)?.has(lock));
    if (next === undefined) owners.delete(lock);
    else owners.set(lock, next);
  };

  const operated = ({ operation, task, target, amount }: EventOf<'operated'>) => {
    switch (operation) {
      case 'lock.acquire':
        owners.set(target, task);
        return change(task, target, 1);
      case 'lock.release':
        return releaseLock(task, target);
      case 'rlock.acquire':
      case 'rwlock.read.acquire':
      case 'rwlock.write.acquire':
        return change(task, target, 1);
      case 'rlock.release':
      case 'rwlock.read.release':
      case 'rwlock.write.release':
        return change(task, target, -1);
      case 'semaphore.acquire':
        return change(task, target, count(target, -amount));
      case 'semaphore.release':
        return giveBack(task, target, -count(target, amount));
      default:
        return;
    }
  };

  const ended = (task: number) => {
    for (const [resource, amount] of held.get(task) ?? []) {
      if (plan.resources[resource]?.onHolderExit !== 'release') continue;
      if (owners.get(resource) === task) owners.delete(resource);
      count(resource, amount);
      change(task, resource, -amount);
    }
  };

  const holders = (resource: number) => {
    const tasks = [...held].filter(([, own]) => own.has(resource)).map(([task]) => task);
    const declared = plan.resources[resource];
    const left = declared?.kind === 'semaphore' ? (free.get(resource) ?? declared.permits) : 0;
    return { tasks: tasks.sort((a, b) => a - b), isFull: tasks.length > 0 && left <= 0 };
  };

  return {
    operated,
    ended,
    holders,
    of: (task) => [...(held.get(task)?.keys() ?? [])].map((resource) => plan.resources[resource]?.name ?? ''),
    inGroup: (group) => groups.get(group) ?? new Map<string, number>(),
  };
}
