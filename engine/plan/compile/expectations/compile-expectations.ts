/**
 * `expect`, compiled: names resolved, values and bounds known.
 */
import type { Path } from '../../../document/document.ts';
import type { Data, TaskExpectation } from '../../../document/scenario.generated.ts';
import { nounOf } from '../../../expression/scope.ts';
import { literalFromValue } from '../../../expression/values/value-text.ts';
import type { Claim, Expectations, TaskCheck, TaskEnd } from '../../expectations.ts';
import type { ResourceKind } from '../../plan.ts';
import type { ExpectEntries } from '../cases.ts';
import type { Planning } from '../planning.ts';
import { neverTogetherOf, orderOf } from './expect-activities.ts';
import { claimsOf, type Entry, leadsToOf, outcomesOf } from './expect-claims.ts';
import { boundOf, outputOf } from './expect-output.ts';
import { expectTarget } from './expect-target.ts';

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
    always: claimsOf(planning, entries.always),
    finally: claimsOf(planning, entries.finally),
    eventually: claimsOf(planning, entries.eventually),
    leadsTo: leadsToOf(planning, entries.leadsTo),
    sometimes: claimsOf(planning, entries.sometimes),
    deadlock: entries.deadlock?.value ?? 'never',
    races: entries.races?.value ?? 'allowed',
    ...outcomesOf(planning, entries),
    output: entries.output === undefined ? [] : outputOf(planning, entries.output.value, entries.output.path),
    vars: varsOf(planning, entries.vars, cells),
    files: filesOf(planning, entries.files),
    tasks: tasksOf(planning, entries.tasks),
    peak: peaksOf(planning, entries.peak),
    order: orderOf(planning, entries.order),
    neverTogether: neverTogetherOf(planning, entries.overlap),
    ...takesOf(planning, entries.takes),
    notJudged: [],
  };
  return { ...expectations, finally: [...expectations.finally, ...cells] };
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

function filesOf(planning: Planning, entry: Entry<Readonly<Record<string, Data>>>): Expectations['files'] {
  const { constants, document, report, uses } = planning;
  return Object.entries(entry?.value ?? {}).flatMap(([target, data]) => {
    const path = [...(entry?.path ?? []), target];
    const found = expectTarget(planning, target, path, ['resource']);
    const value = constants.value({ data, path });
    if (found?.binding.kind !== 'resource' || value === undefined) return [];
    const { first, count, resource } = found.binding;
    const span = document.spanAt(path, 'key');
    if (resource !== 'file') {
      report('wrong-kind', span, `\`${target}\` is ${nounOf(found.binding)}, not a file`);
      return [];
    }
    uses.add(first, 'expect');
    return Array.from({ length: count }, (_, index) => ({ span, resource: first + index, value }));
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
    if (!hasPeak[resource]) {
      planning.report('wrong-kind', span, `\`${target}\` is ${nounOf(found.binding)}, which has no peak`);
      return [];
    }
    if (found.index !== undefined) return [{ span, resource: first + found.index, bound }];
    return Array.from({ length: count }, (_, index) => ({ span, resource: first + index, bound }));
  });
}

/** What fills up or is held: holders, items, who waits, workers at work. */
const hasPeak = {
  lock: true,
  rlock: true,
  semaphore: true,
  queue: true,
  event: false,
  condition: false,
  barrier: false,
  pipeEnd: true,
  file: false,
  pool: true,
} as const satisfies Record<ResourceKind, boolean>;

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
