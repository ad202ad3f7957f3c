/**
 * `order` and `overlap`: when steps with an `id` and tasks begin and end.
 *
 * A step that its task's end cuts short has not ended, but is at work no more; a skipped task never begins.
 */
import type { Event } from '../../log/event.ts';
import type { Activity, Expectations } from '../../plan/expectations.ts';
import type { Plan } from '../../plan/plan.ts';
import { durationText } from '../duration-text.ts';
import { evidenceAt, type Moment, quoted } from '../show.ts';
import type { Judgement } from '../verdict.ts';
import { failed, notJudged, passed, STOPPED } from './judgement.ts';

export type Activities = {
  handle(event: Event): void;
  /** @param complete whether the run came to its end: if not, what was not seen might still have come */
  judge(complete: boolean): readonly Judgement[];
};

/** What is known of an activity: when it first began, and who is at work in it, since when. */
type Track = { readonly activity: Activity; first: Moment | null; readonly inside: Map<number, Moment> };

type NamedMoment = Moment & { readonly name: string };

type Offence = { readonly earlier: NamedMoment; readonly later: NamedMoment; readonly seen: string };

type Order = {
  readonly rule: Expectations['order'][number];
  readonly before: Track;
  readonly after: Track;
  offence: Offence | null;
};

type Apart = {
  readonly rule: Expectations['neverTogether'][number];
  readonly tracks: readonly Track[];
  offence: Offence | null;
};

/** Where the plan expects nothing of this, an event costs one look. */
export function createActivities(plan: Plan): Activities {
  const { order, neverTogether } = plan.expect;
  const tracks: Track[] = [];
  const ofPoint = new Map<number, Track[]>();
  const ofTask = new Map<number, Track[]>();
  const orders: readonly Order[] = order.map((rule) => {
    return { rule, before: trackOf(rule.before), after: trackOf(rule.after), offence: null };
  });
  const aparts: readonly Apart[] = neverTogether.map((rule) => {
    return { rule, tracks: rule.activities.map(trackOf), offence: null };
  });

  return {
    handle(event) {
      if (tracks.length === 0) return;
      switch (event.type) {
        case 'entered':
          for (const track of ofPoint.get(event.point) ?? []) begin(track, event);
          return;
        case 'left':
          for (const track of ofPoint.get(event.point) ?? []) end(track, event.task, event);
          return;
        case 'began':
          for (const track of ofTask.get(event.task) ?? []) begin(track, event);
          return;
        case 'ended':
          for (const track of ofTask.get(event.target) ?? []) end(track, event.target, event);
          for (const track of tracks) track.inside.delete(event.target);
      }
    },
    judge: (complete) => [
      ...orders.map((each) => judgeOrder(plan, each, complete)),
      ...aparts.map((each) => judgeApart(plan, each, complete)),
    ],
  };

  function trackOf(activity: Activity): Track {
    const known = tracks.find((track) => isSame(track.activity, activity));
    if (known !== undefined) return known;
    const track: Track = { activity, first: null, inside: new Map() };
    tracks.push(track);
    const index = activity.kind === 'point' ? ofPoint : ofTask;
    const keys = activity.kind === 'point' ? [activity.point] : activity.tasks;
    for (const key of keys) index.set(key, [...(index.get(key) ?? []), track]);
    return track;
  }

  function begin(track: Track, { at, task, step }: Moment): void {
    const moment = { at, task, step };
    track.first ??= moment;
    for (const apart of aparts) apart.offence ??= findTogether(apart.tracks, track, moment);
    track.inside.set(task, moment);
  }

  function end(track: Track, task: number, { at, step }: Moment): void {
    // A skipped task ends without having begun: nothing of it can come too late.
    if (!track.inside.delete(task)) return;
    for (const each of orders) {
      if (each.before !== track || each.after.first === null) continue;
      const { before, after } = each.rule;
      const seen = `${quoted(before.name)} ended at ${durationText(at)} after ${quoted(after.name)} had begun`;
      const earlier = { ...each.after.first, name: after.name };
      each.offence ??= { earlier, later: { at, task, step, name: before.name }, seen };
    }
  }
}

/** Whether one that begins now does so while another is at work; itself counts only where it is listed twice. */
function findTogether(listed: readonly Track[], track: Track, later: Moment): Offence | null {
  const times = listed.filter((each) => each === track).length;
  if (times === 0) return null;
  const others = listed.filter((each) => each !== track || times > 1);
  for (const { activity, inside } of others) {
    const [earlier] = inside.values();
    if (earlier === undefined) continue;
    const seen = `${quoted(track.activity.name)} began at ${durationText(later.at)} while ${quoted(activity.name)} was still going on`;
    return {
      earlier: { ...earlier, name: activity.name },
      later: { ...later, name: track.activity.name },
      seen,
    };
  }
  return null;
}

function isSame(left: Activity, right: Activity): boolean {
  if (left.kind === 'point') return right.kind === 'point' && left.point === right.point;
  if (right.kind === 'point' || left.tasks.length !== right.tasks.length) return false;
  return left.tasks.every((task, index) => task === right.tasks[index]);
}

function judgeOrder(plan: Plan, { rule, before, after, offence }: Order, complete: boolean): Judgement {
  const expected = `${quoted(rule.before.name)} ends before ${quoted(rule.after.name)} begins`;
  const opened = { name: 'order', span: rule.span, expected };
  if (offence !== null) {
    return failed(opened, offence.seen, [
      evidenceAt(plan, offence.earlier, `${quoted(rule.after.name)} began for the first time`),
      evidenceAt(plan, offence.later, `${quoted(rule.before.name)} ended`),
    ]);
  }
  const missing = [before, after].find((track) => track.first === null);
  const seen = missing === undefined ? 'in this order' : `${quoted(missing.activity.name)} never began`;
  return complete ? passed(opened, seen) : notJudged(opened, STOPPED, seen);
}

function judgeApart(plan: Plan, { rule, offence }: Apart, complete: boolean): Judgement {
  const names = rule.activities.map(({ name }) => quoted(name)).join(', ');
  const opened = { name: 'overlap never', span: rule.span, expected: `never at the same time: ${names}` };
  if (offence !== null) {
    return failed(opened, offence.seen, [
      evidenceAt(plan, offence.earlier, `${quoted(offence.earlier.name)} began`),
      evidenceAt(plan, offence.later, `${quoted(offence.later.name)} began, too`),
    ]);
  }
  const seen = 'never at the same time';
  return complete ? passed(opened, seen) : notJudged(opened, STOPPED, seen);
}
