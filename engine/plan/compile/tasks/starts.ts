/**
 * Who starts what: known once the steps of all tasks are compiled.
 *
 * Without a written `main`, a task that some step of another task starts is left to that step; the main program starts the
 * others. Where the step computes the number of the replica, all of them are left to it.
 */
import type { Span } from '../../../source/source.ts';
import type { Declaration } from './task-table.ts';

/** A step of `starter` starts that replica of `group`, or all of them (null). */
type Start = {
  readonly starter: Declaration;
  readonly group: number;
  readonly index: number | null;
  readonly span: Span;
};

export type Starts = {
  add(start: Start): void;
  /** A step hands that work to a pool. */
  hand(owner: Declaration, work: Declaration): void;
  /** It calls a function of the user's own, which may start whatever there is. */
  addFunction(caller: Declaration): void;
  list(): readonly Start[];
  /** Whether some function may start whatever there is. */
  haveFunctions(): boolean;
  /** Those of `group` that are left to steps: numbers of replicas. */
  leftToSteps(declaration: Declaration): ReadonlySet<number>;
  /** Those whose steps may start one of `group`, and those that may start them, and so on. */
  startersOf(group: number): ReadonlySet<Declaration>;
  /** The declaration whose steps these are: of work, that of the step that hands it over. */
  originOf(declaration: Declaration): Declaration;
};

export function createStarts(): Starts {
  const starts: Start[] = [];
  const owners = new Map<Declaration, Declaration>();
  const callers = new Set<Declaration>();
  const left = new Map<number, ReadonlySet<number>>();

  function originOf(declaration: Declaration): Declaration {
    const owner = owners.get(declaration);
    return owner === undefined ? declaration : originOf(owner);
  }

  function leftToSteps({ group, count }: Declaration): ReadonlySet<number> {
    const known = left.get(group);
    if (known !== undefined) return known;
    const others = starts.filter((start) => start.group === group && originOf(start.starter).group !== group);
    const indexes = others.flatMap(({ index }) =>
      index === null ? Array.from({ length: count }, (_, every) => every) : [index],
    );
    const found = new Set(indexes);
    left.set(group, found);
    return found;
  }

  function startersOf(group: number): ReadonlySet<Declaration> {
    const found = new Set<Declaration>(callers);
    const open = [group];
    for (const caller of callers) open.push(caller.group);
    const enter = (starter: Declaration): void => {
      if (found.has(starter)) return;
      found.add(starter);
      open.push(starter.group);
    };
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const start of starts) if (start.group === next) enter(start.starter);
      for (const [work, owner] of owners) if (work.group === next) enter(owner);
    }
    return found;
  }

  return {
    add: (start) => void starts.push(start),
    hand: (owner, work) => void owners.set(work, owner),
    addFunction: (caller) => void callers.add(caller),
    list: () => starts,
    haveFunctions: () => callers.size > 0,
    leftToSteps,
    startersOf,
    originOf,
  };
}
