/**
 * What all parts of the planner share while one plan is made.
 */
import type { Document, Path } from '../../document/document.ts';
import type { Scenario } from '../../document/scenario.generated.ts';
import type { ExpressionComposer } from '../../expression/compose-expression.ts';
import type { Report } from '../../expression/report.ts';
import type { MissingModule } from '../missing-module.ts';
import type { Resource, Step, Variable } from '../plan.ts';
import type { Constants } from './constants.ts';
import type { NameTable } from './resources/name-table.ts';
import type { ProgramBuilder } from './tasks/program-builder.ts';
import type { Starts } from './tasks/starts.ts';
import type { TaskTable } from './tasks/task-table.ts';

export type Planning = {
  readonly document: Document;
  readonly scenario: Scenario;
  /** Whether commands and functions of the user's own are allowed. */
  readonly mayExecute: boolean;
  /** Of a function's file that is not there: where it was looked for, and what may be meant. */
  readonly missingModule: (module: string) => MissingModule | undefined;
  readonly report: Report;
  readonly composer: ExpressionComposer;
  readonly constants: Constants;
  readonly names: NameTable;
  readonly steps: StepTable;
  readonly uses: Uses;
  readonly resources: Table<Resource>;
  readonly variables: Table<Variable>;
  readonly tasks: TaskTable;
  readonly starts: Starts;
  /** By group number; those of work handed to pools come while others are compiled. */
  readonly builders: Map<number, ProgramBuilder>;
};

/** Things that are numbered in the order in which they are added. */
export type Table<T> = {
  /** Its number. */
  add(item: T): number;
  list(): readonly T[];
};

export function createTable<T>(): Table<T> {
  const items: T[] = [];
  return { add: (item) => items.push(item) - 1, list: () => items };
}

/** Numbers steps by their place: a routine's step keeps its number wherever it is put in place. */
export type StepTable = {
  numberOf(path: Path, step: () => Step): number;
  list(): readonly Step[];
};

export function createStepTable(): StepTable {
  const numbers = new Map<string, number>();
  const steps: Step[] = [];
  return {
    numberOf(path, step) {
      const key = JSON.stringify(path);
      const known = numbers.get(key);
      if (known !== undefined) return known;
      const number = steps.push(step()) - 1;
      numbers.set(key, number);
      return number;
    },
    list: () => steps,
  };
}

/** What is done with each resource: the names of operations, or `read` for an expression. By its first number. */
export type Uses = {
  add(first: number, use: string): void;
  of(first: number): ReadonlySet<string>;
  addRoutine(name: string): void;
  hasRoutine(name: string): boolean;
};

/** In place of a resource's number: a function of the user's own may use whatever there is. */
export const ANYTHING = -1;

export function createUses(): Uses {
  const uses = new Map<number, Set<string>>();
  const routines = new Set<string>();
  return {
    add(first, use) {
      const known = uses.get(first);
      if (known === undefined) uses.set(first, new Set([use]));
      else known.add(use);
    },
    of: (first) => uses.get(first) ?? new Set(),
    addRoutine: (name) => void routines.add(name),
    hasRoutine: (name) => routines.has(name),
  };
}
