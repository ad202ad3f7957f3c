/**
 * The steps that take time where durations count (`time: ordered`): how long at least and at most, and which scenarios have
 * durations that a search cannot follow, since they are not known before a run.
 */
import type { Duration } from '../../expression/expression.ts';
import type { Instruction } from '../../plan/instruction.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Refusal } from '../refusal.ts';

type External = Extract<Instruction, { readonly op: 'external' }>;
type Fixed = Extract<Duration, { readonly kind: 'fixed' }>;

/** From `min` to `max`, in units of the clock. */
export type Length = { readonly min: number; readonly max: number };

/** What a step may wait for: its sleep, its timeout, its model; `cut` is a model that the step's timeout ends. */
export type TimedStep = {
  readonly sleeps?: Length;
  readonly times?: Length;
  readonly cut?: Length;
};

export type TimedSteps = {
  /** By program, then by place. */
  readonly steps: readonly (readonly (TimedStep | undefined)[])[];
  /** How many microseconds a unit of the clock is. */
  readonly unitUs: number;
  /** Some length is a range. */
  readonly hasRanges: boolean;
};

/** Of sums of lengths each fits into a word. */
const LONGEST = 2 ** 28;

/** Units are as long as they can be: then lengths are small numbers. */
export function timedStepsOf(plan: Plan): TimedSteps {
  const unitUs = unitOf(plan);
  const inUnits = ({ minUs, maxUs }: Fixed): Length => ({ min: minUs / unitUs, max: maxUs / unitUs });
  const steps = plan.programs.map(({ instructions }) =>
    instructions.map((instruction) => timedStep(instruction, inUnits)),
  );
  const hasRanges = durationsOf(plan).some(({ duration }) => isRange(duration));
  return { steps, unitUs, hasRanges };
}

function timedStep(instruction: Instruction, inUnits: (duration: Fixed) => Length): TimedStep | undefined {
  const times = (duration: Duration | undefined): Length | undefined =>
    duration?.kind === 'fixed' ? inUnits(duration) : undefined;
  switch (instruction.op) {
    case 'sleep':
      return only('sleeps', times(instruction.duration));
    case 'operate':
    case 'await':
      return only('times', times(instruction.timeout?.after));
    case 'external': {
      const takes = times(instruction.model?.takes);
      const cut = times(instruction.timeout?.after);
      if (takes === undefined) return undefined;
      return cut === undefined ? { sleeps: takes } : { sleeps: takes, cut };
    }
    default:
      return undefined;
  }
}

function only(key: 'sleeps' | 'times', length: Length | undefined): TimedStep | undefined {
  return length === undefined ? undefined : { [key]: length };
}

type Timed = { readonly duration: Duration; readonly step: number };

/** All durations that count. */
function durationsOf(plan: Plan): readonly Timed[] {
  return plan.programs.flatMap(({ instructions }) => instructions.flatMap(ofInstruction));
}

function ofInstruction(instruction: Instruction): readonly Timed[] {
  const { step } = instruction;
  const timed = (duration: Duration | undefined): readonly Timed[] =>
    duration === undefined ? [] : [{ duration, step }];
  switch (instruction.op) {
    case 'sleep':
      return timed(instruction.duration);
    case 'operate':
    case 'await':
      return timed(instruction.timeout?.after);
    case 'external': {
      if (instruction.model === undefined) return [];
      return [...timed(instruction.model.takes), ...timed(instruction.timeout?.after)];
    }
    default:
      return [];
  }
}

function isRange(duration: Duration): boolean {
  return duration.kind === 'fixed' && duration.minUs !== duration.maxUs;
}

function unitOf(plan: Plan): number {
  const lengths = durationsOf(plan).flatMap(({ duration }) =>
    duration.kind === 'fixed' ? [duration.minUs, duration.maxUs] : [],
  );
  const unit = lengths.reduce(greatestDivisor, 0);
  // A timeout that may be none at all is, where it is not, at least the shortest there is.
  return unit === 0 || durationsOf(plan).some(({ duration }) => mayBeNone(duration)) ? 1 : unit;
}

function mayBeNone(duration: Duration): boolean {
  return duration.kind === 'fixed' && duration.minUs === 0 && duration.maxUs > 0;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/** Why no search can follow the durations of a scenario; undefined if it can. */
export function clockProblem(plan: Plan): Refusal | undefined {
  if (plan.check.time !== 'ordered') return undefined;
  const instructions = plan.programs.flatMap((program) => program.instructions);
  const found = instructions.flatMap((instruction) => {
    const reason = problemOf(instruction);
    return reason === undefined ? [] : [{ span: plan.steps[instruction.step]?.span ?? null, reason }];
  });
  const [first] = found.toSorted((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
  if (first !== undefined) return first;
  const unitUs = unitOf(plan);
  const long = durationsOf(plan).find(
    ({ duration }) => duration.kind === 'fixed' && duration.maxUs / unitUs > LONGEST,
  );
  if (long === undefined) return undefined;
  const reason = `with \`time: ordered\` this duration is too long beside the shortest one`;
  return { span: plan.steps[long.step]?.span ?? null, reason };
}

function problemOf(instruction: Instruction): string | undefined {
  if (ofInstruction(instruction).some(({ duration }) => duration.kind === 'computed'))
    return 'with `time: ordered` its duration must be known before the run, and it is computed in it';
  if ('timeout' in instruction && instruction.timeout?.keep !== undefined)
    return 'concur check cannot follow with `time: ordered` yet how several waits share one timeout';
  return instruction.op === 'external' ? problemOfModel(instruction) : undefined;
}

function problemOfModel(instruction: External): string | undefined {
  const { model, timeout, scratch, feeds, service } = instruction;
  if (model === undefined) return undefined;
  if (model.stops !== undefined)
    return 'concur check cannot follow with `time: ordered` yet how long a model takes to stop';
  if (service === 'run' && scratch !== undefined && isTriedAgain(instruction))
    return 'concur check cannot follow with `time: ordered` yet when a command is tried again';
  if (feeds !== undefined && timeout !== undefined)
    return 'concur check cannot follow with `time: ordered` yet how long lines may wait for room in their queue';
  if (timeout !== undefined && overlaps(model.takes, timeout.after))
    return 'with `time: ordered` its timeout and the time that its model takes must not overlap';
  return undefined;
}

/** A command keeps something where it may be tried again, or where a queue gets its lines. */
function isTriedAgain({ feeds, request }: External): boolean {
  const { constant } = request;
  const isKnown = typeof constant === 'object' && constant !== null && !Array.isArray(constant);
  return feeds === undefined || !isKnown || 'attempts' in constant;
}

/** Whether either may be the shorter one. */
function overlaps(takes: Duration, after: Duration): boolean {
  if (takes.kind !== 'fixed' || after.kind !== 'fixed') return true;
  return takes.maxUs > after.minUs && takes.minUs <= after.maxUs;
}
