/**
 * `always` and `finally`: expressions that must be true after every moment, or at the end.
 *
 * An `always` is evaluated at the start, and then after each moment in which something it reads changed; the first
 * moment at which it was false is kept as evidence, and nothing later is looked at.
 */
import type { Event } from '../log/event.ts';
import type { Context, Evaluate, Evaluator } from '../plan/evaluator.ts';
import type { Claim } from '../plan/expectations.ts';
import type { Read } from '../plan/expression.ts';
import type { Value } from '../plan/value.ts';
import { isList } from '../plan/value-text.ts';
import { contextOf, type Environment, subjectsRead } from './context.ts';
import { failed, notJudged, passed, STOPPED } from './judgement.ts';
import { type ModelState, NOBODY } from './model-state.ts';
import { evidenceAt, type Moment, seconds, shown } from './show.ts';
import type { Judgement } from './verdict.ts';

export type Claims = {
  /** Evaluates what has to be evaluated; call it after the last event of each moment. */
  afterMoment(event: Event): void;
  /**
   * @param complete whether the run came to an end of its own: otherwise what has been true so far is not judged
   */
  judge(complete: boolean): readonly Judgement[];
};

export type ClaimTools = { readonly evaluator: () => Evaluator; readonly environment: Environment };

/** How a claim was not true: what it read then, and what it gave instead. */
type Falsehood = { readonly moment: Moment; readonly result: string; readonly values: string };

type Watched = {
  readonly claim: Claim;
  readonly evaluate: Evaluate;
  falsehood: Falsehood | null;
  due: boolean;
};

const BEFORE_ALL: Moment = { at: 0, task: NOBODY, step: -1 };

/** Nothing is compiled, and no evaluator made, where nothing is claimed. */
export function createClaims(state: ModelState, tools: ClaimTools): Claims {
  const { always, finally: atEnd } = state.plan.expect;
  const watched = always.map((claim) => watchClaim(claim, tools));
  const readers = findReaders(state, watched);
  for (const subject of readers.keys()) state.watch.watch(subject);
  const readNow = watched.filter(({ claim }) => claim.expression.reads.some((read) => read.from === 'now'));
  const due: Watched[] = [];
  for (const each of watched) evaluateAt(each, BEFORE_ALL);

  return {
    afterMoment(event) {
      if (watched.length === 0) return;
      state.watch.drain(markDue);
      for (const each of readNow) mark(each);
      for (const each of due) {
        each.due = false;
        evaluateAt(each, event);
      }
      due.length = 0;
    },
    judge: (complete) => [
      ...watched.map((each) => judgeAlways(state, each, complete)),
      ...atEnd.map((claim) => judgeFinally(state, claim, tools, complete)),
    ],
  };

  function markDue(subject: number): void {
    for (const reader of readers.get(subject) ?? []) mark(reader);
  }

  function mark(each: Watched): void {
    if (each.due || each.falsehood !== null) return;
    each.due = true;
    due.push(each);
  }

  function evaluateAt(each: Watched, { at, task, step }: Moment): void {
    const found = findFalsehood(state, each.claim, each.evaluate, tools);
    if (found !== null) each.falsehood = { ...found, moment: { at, task, step } };
  }
}

function watchClaim(claim: Claim, tools: ClaimTools): Watched {
  return { claim, evaluate: tools.evaluator().compile(claim.expression), falsehood: null, due: false };
}

function findReaders(
  state: ModelState,
  watched: readonly Watched[],
): ReadonlyMap<number, readonly Watched[]> {
  const readers = new Map<number, Watched[]>();
  for (const each of watched) {
    const subjects = new Set(each.claim.expression.reads.flatMap((read) => subjectsRead(state, read)));
    for (const subject of subjects) readers.set(subject, [...(readers.get(subject) ?? []), each]);
  }
  return readers;
}

/** Null if the claim is true now. */
function findFalsehood(
  state: ModelState,
  claim: Claim,
  evaluate: Evaluate,
  tools: ClaimTools,
): Omit<Falsehood, 'moment'> | null {
  const context = contextOf(state, claim.expression.reads, tools.environment);
  const result = resultOf(() => evaluate(context));
  if (result === 'true') return null;
  return { result, values: valuesRead(state, claim.expression.reads, context) };
}

/** What came out, as text; an error by its name and message. */
function resultOf(evaluate: () => Value): string {
  try {
    return shown(evaluate());
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

function valuesRead(state: ModelState, reads: readonly Read[], context: Context): string {
  const values = reads.flatMap((read) => {
    return valuesOfRead(nameRead(state, read), read, context[read.name] as Value);
  });
  return values.join(', ');
}

/** As the user calls it: what the planner calls a task's replicas is not that. */
function nameRead(state: ModelState, read: Read): string {
  return read.from === 'group' ? (state.plan.groups[read.group]?.name ?? read.name) : read.name;
}

/** `n = 3`, `stall.holders = 4`, `fork.held = [true, false]` */
function valuesOfRead(name: string, read: Read, value: Value): readonly string[] {
  if (!('attributes' in read)) return [`${name} = ${shown(value)}`];
  return read.attributes.map((attribute) => {
    const part = isList(value)
      ? value.map((element) => partOf(element, attribute))
      : partOf(value, attribute);
    return `${name}.${attribute} = ${shown(part)}`;
  });
}

function partOf(value: Value, attribute: string): Value {
  if (typeof value !== 'object' || value === null || isList(value)) return null;
  return value[attribute] ?? null;
}

function judgeAlways(state: ModelState, { claim, falsehood }: Watched, complete: boolean): Judgement {
  const opened = { name: 'always', span: claim.expression.span, expected: claim.text };
  if (falsehood !== null) {
    const { moment, result, values } = falsehood;
    const when = moment.task === NOBODY ? 'at the start' : `at ${seconds(moment.at)}`;
    const evidence = evidenceAt(state.plan, moment, values === '' ? result : values);
    return failed(opened, `${result} ${when}`, [evidence]);
  }
  if (complete) return passed(opened, 'true at every moment seen');
  return notJudged(opened, STOPPED, 'true until the run was stopped');
}

function judgeFinally(state: ModelState, claim: Claim, tools: ClaimTools, complete: boolean): Judgement {
  const opened = { name: 'finally', span: claim.expression.span, expected: claim.text };
  if (!complete) return notJudged(opened, STOPPED);
  const evaluate = tools.evaluator().compile(claim.expression);
  const falsehood = findFalsehood(state, claim, evaluate, tools);
  if (falsehood === null) return passed(opened, 'true at the end');
  const moment = { at: state.now, task: NOBODY, step: -1 };
  const evidence = falsehood.values === '' ? [] : [evidenceAt(state.plan, moment, falsehood.values)];
  return failed(opened, `${falsehood.result} at the end`, evidence);
}
