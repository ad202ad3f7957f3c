/**
 * `expect`, compiled: names resolved, values and bounds known.
 */
import type { Path } from '../../../document/document.ts';
import type { Data, TaskExpectation } from '../../../document/scenario.generated.ts';
import { nounOf, traitsOf } from '../../../expression/scope.ts';
import { literalFromValue } from '../../../expression/values/value-text.ts';
import {
  type Bound,
  type Claim,
  type Expectations,
  nothingExpected,
  type TaskCheck,
  type TaskEnd,
} from '../../expectations.ts';
import type { ExpectEntries, ExpectEntry, ExpectKey } from '../cases.ts';
import type { Planning } from '../planning.ts';
import { neverTogetherOf, orderOf } from './expect-activities.ts';
import { checkCompared, claimsOf, type Entry, leadsToOf, outcomeOf, resultsOf } from './expect-claims.ts';
import { boundOf, outputOf } from './expect-output.ts';
import { expectTarget } from './expect-target.ts';

const taskEnds = [
  'finished',
  'failed',
  'terminated',
  'skipped',
  'notStarted',
] as const satisfies readonly TaskEnd[];

type Reader<K extends ExpectKey> = (
  planning: Planning,
  entry: ExpectEntry<K>,
  entries: ExpectEntries,
) => Read;

/** `cells`: claims on single cells of vars, which are like those of `finally`. */
type Read = Partial<Expectations> & { readonly cells?: readonly Claim[] };

/** Who reads each key of `expect`: a scenario would pass whatever it says with a key that nobody reads. */
const readers = {
  always: (planning, entry) => ({ always: claimsOf(planning, entry) }),
  finally: (planning, entry) => ({ finally: claimsOf(planning, entry) }),
  eventually: (planning, entry) => ({ eventually: claimsOf(planning, entry) }),
  leadsTo: (planning, entry) => ({ leadsTo: leadsToOf(planning, entry) }),
  sometimes: (planning, entry) => ({ sometimes: claimsOf(planning, entry) }),
  deadlock: (_planning, { value }) => ({ deadlock: value }),
  races: (_planning, { value }) => ({ races: value }),
  outcome: outcomeOf,
  outcomes(planning, entry, entries) {
    checkCompared(planning, entry, entries);
    return { outcomes: resultsOf(planning, entry) };
  },
  others(planning, entry, entries) {
    if (entries.outcomes === undefined) checkCompared(planning, entry, entries);
    return { others: entry.value };
  },
  output: (planning, { value, path }) => ({ output: outputOf(planning, value, path) }),
  vars: varsOf,
  files: (planning, entry) => ({ files: filesOf(planning, entry) }),
  tasks: (planning, entry) => ({ tasks: tasksOf(planning, entry) }),
  peak: (planning, entry) => ({ peak: peaksOf(planning, entry) }),
  order: (planning, entry) => ({ order: orderOf(planning, entry) }),
  overlap: (planning, entry) => ({ neverTogether: neverTogetherOf(planning, entry) }),
  takes: takesOf,
} as const satisfies { readonly [K in ExpectKey]: Reader<K> };

export function compileExpectations(planning: Planning, entries: ExpectEntries): Expectations {
  let read: Expectations & Read = nothingExpected;
  for (const key of Object.keys(readers) as readonly ExpectKey[]) {
    const entry = entries[key];
    const reader = readers[key] as Reader<ExpectKey>;
    if (entry !== undefined) read = { ...read, ...reader(planning, entry, entries) };
  }
  const { cells = [], ...expectations } = read;
  return { ...expectations, finally: [...expectations.finally, ...cells] };
}

/** The final value of a whole var; of a cell it is a claim like those of `finally`. */
function varsOf(
  planning: Planning,
  entry: Entry<Readonly<Record<string, Data>>>,
): Pick<Expectations, 'vars'> & { readonly cells: readonly Claim[] } {
  const { composer, constants, document, names } = planning;
  const cells: Claim[] = [];
  const vars = Object.entries(entry?.value ?? {}).flatMap(([target, data]) => {
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
  return { vars, cells };
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
  const counts: Partial<Record<TaskEnd, Bound>> = {};
  for (const end of taskEnds) {
    const written = expected[end];
    if (written === undefined) continue;
    const bound = boundOf(planning, written, [...path, end]);
    if (bound !== undefined) counts[end] = bound;
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
    if (!traitsOf(resource).hasPeak) {
      planning.report('wrong-kind', span, `\`${target}\` is ${nounOf(found.binding)}, which has no peak`);
      return [];
    }
    if (found.index !== undefined) return [{ span, resource: first + found.index, bound }];
    return Array.from({ length: count }, (_, index) => ({ span, resource: first + index, bound }));
  });
}

function takesOf(
  { constants, document }: Planning,
  entry: ExpectEntry<'takes'>,
): Pick<Expectations, 'takes'> {
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
