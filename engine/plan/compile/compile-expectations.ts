/**
 * `expect`, compiled: names resolved, values and bounds known. What this version has no judge for is listed with the
 * reason.
 */
import type { Path } from '../../document/document.ts';
import type { Data, TaskExpectation } from '../../document/scenario.generated.ts';
import type { Claim, Expectations, TaskCheck, TaskEnd } from '../expectations.ts';
import { wholeExpression } from '../template.ts';
import { literalFromValue } from '../value-text.ts';
import type { ExpectEntries, ExpectKey } from './cases.ts';
import { boundOf, outputOf } from './expect-output.ts';
import { expectTarget } from './expect-target.ts';
import type { Planning } from './planning.ts';

const notJudged: Readonly<Partial<Record<ExpectKey, string>>> = {
  eventually: 'this version does not judge what happens sooner or later',
  leadsTo: 'this version does not judge what follows what',
  sometimes: 'one run does not show what can happen',
  races: 'this version does not look for races',
  outcome: 'one run does not show all outcomes',
  outcomes: 'one run does not show all outcomes',
  others: 'one run does not show all outcomes',
  files: 'this version has no files',
  order: 'this version does not judge the order of steps',
  overlap: 'this version does not judge which steps overlap',
};

/** What is not compiled yet, and is not expected then. */
const nothing = {
  eventually: [],
  leadsTo: [],
  sometimes: [],
  races: 'allowed',
  outcomes: [],
  others: 'forbidden',
  files: [],
  order: [],
  neverTogether: [],
} as const satisfies Partial<Expectations>;

const taskEnds = [
  'finished',
  'failed',
  'terminated',
  'skipped',
  'notStarted',
] as const satisfies readonly TaskEnd[];

export function compileExpectations(planning: Planning, entries: ExpectEntries): Expectations {
  const cells: Claim[] = [];
  const expectations = {
    ...nothing,
    always: claimsOf(planning, entries.always),
    finally: claimsOf(planning, entries.finally),
    deadlock: entries.deadlock?.value ?? 'never',
    output: entries.output === undefined ? [] : outputOf(planning, entries.output.value, entries.output.path),
    vars: varsOf(planning, entries.vars, cells),
    tasks: tasksOf(planning, entries.tasks),
    peak: peaksOf(planning, entries.peak),
    ...takesOf(planning, entries.takes),
    notJudged: notJudgedOf(planning, entries),
  };
  for (const key of ['eventually', 'sometimes'] as const) claimsOf(planning, entries[key]);
  return { ...expectations, finally: [...expectations.finally, ...cells] };
}

type Entry<T> = { readonly value: T; readonly path: Path } | undefined;

function claimsOf({ composer, names }: Planning, entry: Entry<readonly Data[]>): readonly Claim[] {
  if (entry === undefined) return [];
  return entry.value.flatMap((data, index) => {
    const expression = composer.compute({ data, path: [...entry.path, index] }, names, 'bool');
    return expression === undefined ? [] : [{ text: claimText(data), expression }];
  });
}

function claimText(data: Data): string {
  if (typeof data !== 'string') return literalFromValue(data);
  const inside = wholeExpression(data);
  return inside === undefined ? data.trim() : data.slice(inside.start, inside.end);
}

/** The final value of a whole var; of a cell it is a claim like those of `finally`. */
function varsOf(
  planning: Planning,
  entry: Entry<Readonly<Record<string, Data>>>,
  cells: Claim[],
): Expectations['vars'] {
  const { composer, constants, document, names } = planning;
  return Object.entries(entry?.value ?? {}).flatMap(([target, data]) => {
    const path = [...(entry?.path ?? []), target];
    const found = expectTarget(planning, target, path, ['variable']);
    const value = constants.value({ data, path });
    if (found?.binding.kind !== 'variable' || value === undefined) return [];
    const span = document.spanAt(path, 'key');
    if (found.index === undefined) return [{ span, variable: found.binding.variable, value }];
    const text = `${target} == ${literalFromValue(value)}`;
    const expression = composer.computeAt({ text, span, at: () => span }, names, 'bool');
    if (expression !== undefined) cells.push({ text, expression });
    return [];
  });
}

function tasksOf(
  planning: Planning,
  entry: Entry<Readonly<Record<string, TaskExpectation>>>,
): readonly TaskCheck[] {
  return Object.entries(entry?.value ?? {}).flatMap(([target, expected]) => {
    const path = [...(entry?.path ?? []), target];
    const found = expectTarget(planning, target, path, ['group']);
    if (found?.binding.kind !== 'group') return [];
    const { first, count } = found.binding;
    const tasks =
      found.index === undefined
        ? Array.from({ length: count }, (_, index) => first + index)
        : [first + found.index];
    const counts = countsOf(planning, expected, path);
    const error =
      expected.error === undefined
        ? undefined
        : planning.constants.text({ data: expected.error, path: [...path, 'error'] });
    const exitCode = exitCodeOf(planning, expected, path);
    return [
      {
        span: planning.document.spanAt(path, 'key'),
        name: target,
        tasks,
        ...(expected.state === undefined ? {} : { ends: expected.state }),
        ...(counts === undefined ? {} : { counts }),
        ...(error === undefined ? {} : { error }),
        ...(exitCode === undefined ? {} : { exitCode }),
      },
    ];
  });
}

function countsOf(
  planning: Planning,
  expected: TaskExpectation,
  path: Path,
): TaskCheck['counts'] | undefined {
  const counts: Partial<Record<TaskEnd, number>> = {};
  for (const end of taskEnds) {
    const written = expected[end];
    if (written === undefined) continue;
    const bound = boundOf(planning, written, [...path, end]);
    if (bound === undefined) continue;
    if (bound.comparison === '==') counts[end] = bound.value;
    else
      planning.report('bad-bound', planning.document.spanAt([...path, end]), 'this must be a whole number');
  }
  return Object.keys(counts).length === 0 ? undefined : counts;
}

function exitCodeOf({ constants }: Planning, { exitCode }: TaskExpectation, path: Path): number | undefined {
  if (exitCode === undefined) return undefined;
  return constants.integer({ data: exitCode, path: [...path, 'exitCode'] }, 0, { min: -255, max: 255 });
}

function peaksOf(planning: Planning, entry: Entry<Readonly<Record<string, Data>>>): Expectations['peak'] {
  return Object.entries(entry?.value ?? {}).flatMap(([target, data]) => {
    const path = [...(entry?.path ?? []), target];
    const found = expectTarget(planning, target, path, ['resource']);
    const bound = boundOf(planning, data, path);
    if (found?.binding.kind !== 'resource' || bound === undefined) return [];
    const { first, count, resource } = found.binding;
    const span = planning.document.spanAt(path, 'key');
    if (resource === 'event') {
      planning.report('wrong-kind', span, `\`${target}\` is an event, which has no peak`);
      return [];
    }
    if (found.index !== undefined) return [{ span, resource: first + found.index, bound }];
    return Array.from({ length: count }, (_, index) => ({ span, resource: first + index, bound }));
  });
}

function takesOf(
  { constants, document }: Planning,
  entry: ExpectEntries['takes'],
): Pick<Expectations, 'takes'> {
  if (entry === undefined) return {};
  const { atLeast, atMost } = entry.value;
  const atLeastUs = constants.microseconds({ data: atLeast, path: [...entry.path, 'atLeast'] }, -1);
  const atMostUs = constants.microseconds({ data: atMost, path: [...entry.path, 'atMost'] }, -1);
  return {
    takes: {
      span: document.spanAt(entry.path, 'key'),
      ...(atLeast === undefined || atLeastUs === undefined ? {} : { atLeastUs }),
      ...(atMost === undefined || atMostUs === undefined ? {} : { atMostUs }),
    },
  };
}

function notJudgedOf({ document }: Planning, entries: ExpectEntries): Expectations['notJudged'] {
  return Object.entries(entries).flatMap(([name, entry]) => {
    const reason = notJudged[name as ExpectKey];
    if (reason === undefined || entry === undefined || (name === 'races' && entry.value === 'allowed'))
      return [];
    return [{ span: document.spanAt(entry.path, 'key'), name, reason }];
  });
}
