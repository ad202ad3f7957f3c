/**
 * Warns of processes that write a var which is not shared, and which somebody else reads: what they write, only their own
 * copy has.
 */

import type { Report } from '../../../expression/report.ts';
import { literalFromValue } from '../../../expression/values/value-text.ts';
import type { Instruction } from '../../instruction.ts';
import type { Plan, Variable } from '../../plan.ts';
import type { Planning } from '../planning.ts';
import type { Declaration } from '../tasks/task-table.ts';

/** The group of the task that a program is of: 0 is main. */
type ProgramId = number;

const MAIN: ProgramId = 0;

export function warnOfOwnCopies(planning: Planning, plan: Plan, report: Report): void {
  if (plan.processes === 1 || plan.variables.every(({ shared }) => shared)) return;
  const homes = homesOf(planning);
  const readers = readersOf(plan);
  const warned = new Set<string>();
  for (const [group, { instructions }] of plan.programs.entries()) {
    for (const instruction of instructions) {
      for (const variable of writtenBy(instruction)) {
        const key = `${instruction.step} ${variable}`;
        if (plan.variables[variable]?.shared !== false || warned.has(key)) continue;
        const reader = readerElsewhere(homes, group, readers.get(variable) ?? []);
        if (reader === undefined) continue;
        warned.add(key);
        warnOfOne(plan, { step: instruction.step, group, variable, reader }, report);
      }
    }
  }
}

type OwnCopy = {
  readonly step: number;
  readonly group: number;
  readonly variable: number;
  readonly reader: number;
};

function warnOfOne(plan: Plan, { step, group, variable, reader }: OwnCopy, report: Report): void {
  const own = plan.variables[variable];
  const span = plan.steps[step]?.span;
  if (own === undefined || span === undefined) return;
  const who = plan.groups[group]?.name ?? '';
  const others =
    reader === EXPECT
      ? '`expect` reads that of `main`'
      : `\`${plan.groups[reader]?.name ?? ''}\` reads another one`;
  report('process-own-copy', span, `\`${who}\` writes its own copy of \`${own.name}\`, and ${others}`, {
    help: `for one that all processes share write \`${own.name}: ${sharedForm(own)}\``,
  });
}

function sharedForm({ array, initial: [first, ...others] }: Variable): string {
  const isPlain = !array && others.length === 0 && (typeof first !== 'object' || first === null);
  return `{ value: ${isPlain && first !== undefined ? literalFromValue(first) : '…'}, shared: true }`;
}

/** In place of a group: the expectations, which see the main program's copy. */
const EXPECT = -1;

/**
 * Someone who reads another copy than one of the group writes. A program that the writer's starts begins with a copy of the
 * writer's, so that it may well see what was written.
 */
function readerElsewhere(homes: Homes, group: number, readers: readonly number[]): number | undefined {
  const own = homes.of(group).filter((program) => program !== MAIN);
  return readers.find((reader) => {
    const theirs = reader === EXPECT ? [MAIN] : homes.of(reader);
    return own.some((mine) => theirs.some((other) => other !== mine && !homes.descends(other, mine)));
  });
}

/** Who reads each var, by the number of the group; expectations come first. */
function readersOf(plan: Plan): ReadonlyMap<number, readonly number[]> {
  const readers = new Map<number, number[]>();
  const note = (variable: number, reader: number): void => {
    const known = readers.get(variable);
    if (known === undefined) readers.set(variable, [reader]);
    else if (known.at(-1) !== reader) known.push(reader);
  };
  for (const variable of readIn(plan.expect)) note(variable, EXPECT);
  for (const { variable } of plan.expect.vars) note(variable, EXPECT);
  for (const [group, program] of plan.programs.entries()) {
    for (const instruction of program.instructions) {
      for (const variable of readIn(instruction)) note(variable, group);
    }
  }
  return readers;
}

function writtenBy(instruction: Instruction): readonly number[] {
  if (instruction.op === 'write') return [instruction.variable];
  return instruction.op === 'update' ? instruction.writes.map(({ variable }) => variable) : [];
}

/** The vars that are read by the expressions in a part of the plan. */
function readIn(part: unknown): readonly number[] {
  if (typeof part !== 'object' || part === null) return [];
  if ('from' in part && part.from === 'variable' && 'variable' in part && typeof part.variable === 'number')
    return [part.variable];
  return Object.values(part).flatMap(readIn);
}

type Homes = {
  /** The programs that tasks of a group run in. */
  of(group: number): readonly ProgramId[];
  /** Whether the one is started by the other, or by one that it starts. */
  descends(program: ProgramId, from: ProgramId): boolean;
};

/** A thread runs in the program of who starts it, work in that of the pool's workers. */
function homesOf(planning: Planning): Homes {
  const { scenario, starts, tasks } = planning;
  const declarations = tasks.declarations();
  const startersOf = (declaration: Declaration): readonly number[] => {
    if (declaration.body.is === 'teardown') return [MAIN];
    const byStep = starts.list().filter(({ group }) => group === declaration.group);
    const isMains = scenario.main === undefined && starts.leftToSteps(declaration).size < declaration.count;
    return [...(isMains ? [MAIN] : []), ...byStep.map(({ starter }) => starter.group)];
  };
  const homes = new Map<number, ReadonlySet<ProgramId>>();
  const homeOf = (declaration: Declaration, way: readonly number[]): ReadonlySet<ProgramId> => {
    const { group, kind, pool } = declaration;
    const known = homes.get(group);
    if (known !== undefined) return known;
    if (kind === 'process') return new Set([group]);
    const workers = declarations.find(({ body }) => body.is === 'worker' && body.pool === pool);
    if (pool !== undefined) return new Set([workers?.kind === 'process' ? workers.group : MAIN]);
    const starters = startersOf(declaration).filter((starter) => !way.includes(starter));
    const found = starters.flatMap((starter) => {
      const one = declarations[starter];
      return one === undefined ? [] : [...homeOf(one, [...way, group])];
    });
    return new Set(found);
  };
  for (const declaration of declarations) homes.set(declaration.group, homeOf(declaration, []));
  const parents = new Map<ProgramId, ReadonlySet<ProgramId>>();
  for (const declaration of declarations) {
    if (declaration.kind !== 'process') continue;
    const starters = declaration.body.is === 'worker' ? [MAIN] : startersOf(declaration);
    parents.set(declaration.group, new Set(starters.flatMap((starter) => [...(homes.get(starter) ?? [])])));
  }
  const descends = (program: ProgramId, from: ProgramId, way: readonly ProgramId[] = []): boolean =>
    [...(parents.get(program) ?? [])].some(
      (parent) => parent === from || (!way.includes(parent) && descends(parent, from, [...way, program])),
    );
  return { of: (group) => [...(homes.get(group) ?? [])], descends };
}
