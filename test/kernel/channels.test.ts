/** Channels, ready lists and timers against plain arrays, over random sequences of what the kernel does with them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endTask } from '../../engine/kernel/end.ts';
import { CONTROL, READY, TASK, WAIT } from '../../engine/kernel/memory/layout.ts';
import { ask } from '../../engine/kernel/runtime/service.ts';
import {
  ALL,
  forget,
  goFirst,
  hasWaiters,
  makeReady,
  park,
  passWakeOn,
  takeReady,
  wake,
  wakeTask,
} from '../../engine/kernel/waiting/channel.ts';
import { deadlineOf, earliestDeadline, firstTimer } from '../../engine/kernel/waiting/timers.ts';
import { lock, makePlan } from '../plan-builder.ts';
import { createScene, type Scene } from './scene.ts';

const TASKS = 9;
const PROCESSES = 2;
const CHANNELS = 3;

/** Nine threads, spread over two processes by hand, as `start` would. */
const plan = makePlan({
  resources: Array.from({ length: CHANNELS }, (_, index) => lock(`lock${index}`)),
  tasks: [
    { name: 'thread', count: TASKS, program: [] },
    { name: 'process', kind: 'process', program: [] },
  ],
});
const numbers = Array.from({ length: TASKS }, (_, index) => index + 1);
const processOf = (task: number): number => task % PROCESSES;

/** What is true of a task, in plain words; `wokenBy` is the channel, if one woke it. */
type Where = 'running' | 'ready' | 'parked' | 'gone';
type Model = {
  readonly where: Map<number, Where>;
  readonly channels: number[][];
  readonly ready: number[][];
  readonly deadlines: Map<number, number>;
  readonly wokenBy: Map<number, number>;
};

const task = fc.constantFrom(...numbers);
const channel = fc.nat(CHANNELS - 1);
const commands = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('park' as const),
        task,
        channel: fc.oneof(channel, fc.constant(-1)),
        deadline: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.nat(4), fc.constant(2 ** 40)),
        front: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('wake' as const), channel, count: fc.constantFrom(1, 2, ALL) }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('take' as const), process: fc.nat(PROCESSES - 1) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), task }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('fire' as const), process: fc.nat(PROCESSES - 1) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const), task }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('yield' as const), task }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('first' as const), task }) },
  ),
  { maxLength: 120, size: 'max' },
);
type Command = typeof commands extends fc.Arbitrary<(infer C)[]> ? C : never;

function setUp(): { scene: Scene; model: Model } {
  const scene = createScene(plan, { started: false });
  for (const one of numbers) {
    scene.k.words[(scene.layout.taskAt[one] as number) + TASK.process] = processOf(one);
    makeReady(scene.k, one);
  }
  scene.k.words[CONTROL.active] = TASKS;
  const lists = (count: number): number[][] => Array.from({ length: count }, () => []);
  const model: Model = {
    where: new Map(numbers.map((one) => [one, 'ready'])),
    channels: lists(CHANNELS),
    ready: lists(PROCESSES),
    deadlines: new Map(),
    wokenBy: new Map(),
  };
  for (const one of numbers) model.ready[processOf(one)]?.push(one);
  return { scene, model };
}

function remove(list: number[] | undefined, one: number): void {
  const place = list?.indexOf(one) ?? -1;
  if (place >= 0) list?.splice(place, 1);
}

function unparkModel(model: Model, one: number): void {
  for (const list of model.channels) remove(list, one);
  model.deadlines.delete(one);
}

function readyModel(model: Model, one: number, by: number): void {
  unparkModel(model, one);
  model.where.set(one, 'ready');
  model.ready[processOf(one)]?.push(one);
  if (by >= 0) model.wokenBy.set(one, by);
  else model.wokenBy.delete(one);
}

function wakeModel(model: Model, by: number, count: number): void {
  const list = model.channels[by] ?? [];
  for (const one of list.slice(0, count === ALL ? undefined : count)) readyModel(model, one, by);
}

function passModel(model: Model, one: number): void {
  const by = model.wokenBy.get(one);
  model.wokenBy.delete(one);
  if (by !== undefined) wakeModel(model, by, 1);
}

function firstOf(model: Model, process: number): number {
  const due = [...model.deadlines].filter(([one]) => processOf(one) === process);
  due.sort((a, b) => a[1] - b[1] || a[0] - b[0]);
  return due[0]?.[0] ?? -1;
}

/** Carries a command out on both, where it makes sense. */
function apply({ k }: Scene, model: Model, command: Command): void {
  switch (command.do) {
    case 'park':
      if (model.where.get(command.task) !== 'running') return;
      if (command.channel < 0 && command.deadline === Number.POSITIVE_INFINITY) return;
      park(k, command.task, command.channel, command.deadline, command.front);
      model.where.set(command.task, 'parked');
      model.wokenBy.delete(command.task);
      if (command.front) model.channels[command.channel]?.unshift(command.task);
      else model.channels[command.channel]?.push(command.task);
      if (command.deadline !== Number.POSITIVE_INFINITY) model.deadlines.set(command.task, command.deadline);
      return;
    case 'wake':
      wake(k, command.channel, command.count);
      wakeModel(model, command.channel, command.count);
      return;
    case 'take': {
      const expected = model.ready[command.process]?.shift() ?? -1;
      expect(takeReady(k, command.process)).toBe(expected);
      if (expected >= 0) model.where.set(expected, 'running');
      return;
    }
    case 'forget':
      if (model.where.get(command.task) === 'gone') return;
      forget(k, command.task);
      unparkModel(model, command.task);
      remove(model.ready[processOf(command.task)], command.task);
      model.where.set(command.task, 'gone');
      passModel(model, command.task);
      return;
    case 'fire': {
      const first = firstOf(model, command.process);
      expect(firstTimer(k, command.process)).toBe(first);
      if (first < 0) return;
      wakeTask(k, first, -1);
      readyModel(model, first, -1);
      return;
    }
    case 'pass':
      if (model.where.get(command.task) !== 'running') return;
      passWakeOn(k, command.task);
      passModel(model, command.task);
      return;
    case 'yield':
      if (model.where.get(command.task) !== 'running') return;
      makeReady(k, command.task);
      model.where.set(command.task, 'ready');
      model.ready[processOf(command.task)]?.push(command.task);
      return;
    case 'first':
      goFirst(k, command.task);
      if (model.where.get(command.task) !== 'ready') return;
      remove(model.ready[processOf(command.task)], command.task);
      model.ready[processOf(command.task)]?.unshift(command.task);
      return;
    default:
      command satisfies never;
  }
}

/** A doubly linked list in memory, read forwards; that it reads the same backwards is checked. */
function listAt({ k, layout }: Scene, at: number): number[] {
  const forwards: number[] = [];
  for (let next = k.words[at] as number; next !== 0; ) {
    forwards.push(next - 1);
    next = k.words[(layout.waitAt[next - 1] as number) + WAIT.next] as number;
  }
  const backwards: number[] = [];
  for (let next = k.words[at + 1] as number; next !== 0; ) {
    backwards.unshift(next - 1);
    next = k.words[(layout.waitAt[next - 1] as number) + WAIT.previous] as number;
  }
  expect(backwards).toEqual(forwards);
  return forwards;
}

function compare(scene: Scene, model: Model): void {
  const { k, layout } = scene;
  for (let index = 0; index < CHANNELS; index++) {
    expect(listAt(scene, layout.channelAt + 2 * index)).toEqual(model.channels[index]);
    expect(hasWaiters(k, index)).toBe(model.channels[index]?.length !== 0);
  }
  for (let process = 0; process < PROCESSES; process++) {
    const ready = layout.readyAt[process] as number;
    expect(listAt(scene, ready + READY.head)).toEqual(model.ready[process]);
    const timed = [...model.deadlines].filter(([one]) => processOf(one) === process);
    expect(k.words[ready + READY.timers]).toBe(timed.length);
    expect(earliestDeadline(k, process)).toBe(Math.min(...timed.map(([, deadline]) => deadline)));
    expect(firstTimer(k, process)).toBe(firstOf(model, process));
    for (const [one, deadline] of timed) expect(deadlineOf(k, one)).toBe(deadline);
  }
  const waitingForEver = numbers.filter(
    (one) => model.where.get(one) === 'parked' && !model.deadlines.has(one),
  );
  const gone = numbers.filter((one) => model.where.get(one) === 'gone');
  expect(k.words[CONTROL.active]).toBe(TASKS - waitingForEver.length - gone.length);
}

describe('lists of tasks', () => {
  test('behave as plain arrays', () => {
    fc.assert(
      fc.property(commands, (script) => {
        const { scene, model } = setUp();
        for (const command of script) {
          apply(scene, model, command);
          compare(scene, model);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('equal deadlines fire in the order of task numbers, all others in the order of time', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(numbers, { minLength: 2 }),
        fc.array(fc.nat(3), { minLength: TASKS, maxLength: TASKS }),
        (order, deadlines) => {
          const { scene } = setUp();
          const { k, layout } = scene;
          for (const one of numbers) k.words[(layout.taskAt[one] as number) + TASK.process] = 0;
          for (const one of order) park(k, one, -1, deadlines[one - 1] as number, false);
          const fired: number[] = [];
          for (let first = firstTimer(k, 0); first >= 0; first = firstTimer(k, 0)) {
            fired.push(first);
            wakeTask(k, first, -1);
          }
          const key = (one: number): number => (deadlines[one - 1] as number) * 100 + one;
          expect(fired).toEqual([...order].sort((a, b) => key(a) - key(b)));
        },
      ),
    );
  });

  test('whoever becomes ready is announced once, where a carrier sleeps', () => {
    const scene = createScene(plan, { started: false });
    const at = scene.layout.readyAt[0] as number;
    scene.inside(() => makeReady(scene.k, 2));
    expect(scene.bells.notified).toEqual([]);
    scene.k.words[at + READY.sleepers] = 1;
    scene.inside(() => {
      makeReady(scene.k, 4);
      makeReady(scene.k, 6);
      expect(scene.bells.notified).toEqual([]);
    });
    expect(scene.bells.notified).toEqual([at + READY.wake, at + READY.wake]);
    expect(scene.k.words[at + READY.wake]).toBe(3);
  });

  test('all carriers of a process that is over are woken, not just one', () => {
    const scene = createScene(plan);
    const [main, other] = [scene.layout.readyAt[0] as number, scene.layout.readyAt[1] as number];
    scene.k.words[main + READY.sleepers] = 3;
    scene.k.words[other + READY.sleepers] = 1;
    const seen = scene.k.words[main + READY.wake];
    const end = { state: 'finished', cause: null, error: null, exitCode: 0 } as const;
    scene.inside(() => endTask(scene.k, 0, -1, 0, end));
    expect(scene.bells.notified).toEqual(Array(3).fill(main + READY.wake));
    expect(scene.k.words[main + READY.wake]).not.toBe(seen);
  });

  test('a task that ends while it asks for something outside leaves no timer', () => {
    const scene = createScene(plan, { started: false });
    scene.inside(() => {
      ask(scene.k, 2, 0, 0, 0, 50);
      expect(firstTimer(scene.k, 0)).toBe(2);
      forget(scene.k, 2);
      expect(firstTimer(scene.k, 0)).toBe(-1);
    });
  });

  test('when the last active task waits without a timeout, the supervisor is rung for', () => {
    const scene = createScene(plan, { started: false });
    scene.k.words[CONTROL.active] = 2;
    scene.k.words[CONTROL.supervisorAsleep] = 1;
    scene.inside(() => park(scene.k, 1, 0, Number.POSITIVE_INFINITY, false));
    scene.inside(() => park(scene.k, 2, 0, 5, false));
    expect(scene.bells.count).toBe(0);
    scene.inside(() => wakeTask(scene.k, 2, -1));
    scene.inside(() => park(scene.k, 2, 0, Number.POSITIVE_INFINITY, false));
    expect(scene.bells.count).toBe(1);
  });
});
