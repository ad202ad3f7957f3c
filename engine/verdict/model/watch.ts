/**
 * Which parts of the model changed within a moment, so that a claim is evaluated only when something it reads did.
 *
 * Every part has a number, its subject: resources first, then vars, groups' counts, groups' replicas, points. Parts
 * that no claim reads cost one look at a byte.
 */
import type { Plan } from '../../plan/plan.ts';

/** Where each kind of subject begins; resources begin at 0. */
export type Subjects = {
  readonly variables: number;
  readonly groups: number;
  readonly replicas: number;
  readonly points: number;
  readonly size: number;
};

export type Watch = {
  /** From now on, changes of this subject are kept. */
  watch(subject: number): void;
  /** The subject changed. */
  touch(subject: number): void;
  /** Calls `visit` once for each watched subject that changed since the last call. */
  drain(visit: (subject: number) => void): void;
};

const UNWATCHED = 0;
const UNCHANGED = 1;
const CHANGED = 2;

/** The numbers of a plan's subjects. */
export function subjectsOf(plan: Plan): Subjects {
  const variables = plan.resources.length;
  const groups = variables + plan.variables.length;
  const replicas = groups + plan.groups.length;
  const points = replicas + plan.groups.length;
  return { variables, groups, replicas, points, size: points + plan.points.length };
}

/** @param size how many subjects there are; those beyond are not watched */
export function createWatch(size: number): Watch {
  const marks = new Uint8Array(size);
  const changed: number[] = [];
  return {
    watch(subject) {
      if (marks[subject] === UNWATCHED) marks[subject] = UNCHANGED;
    },
    touch(subject) {
      if (marks[subject] !== UNCHANGED) return;
      marks[subject] = CHANGED;
      changed.push(subject);
    },
    drain(visit) {
      for (const subject of changed) {
        marks[subject] = UNCHANGED;
        visit(subject);
      }
      changed.length = 0;
    },
  };
}
