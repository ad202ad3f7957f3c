/** Random plans and random scripts of deeds for them. */
import fc from 'fast-check';
import { OPERANDS, type OperationName } from '../../engine/plan/operation.ts';
import type { Plan, Resource } from '../../engine/plan/plan.ts';
import {
  barrier,
  cel,
  condition,
  event,
  lock,
  makePlan,
  operate,
  pipe,
  queue,
  rlock,
  rwlock,
  semaphore,
  type TaskDraft,
} from '../plan-builder.ts';
import type { OperationsRun } from './operations-run.ts';
import type { Deed } from './plain-model.ts';

const options = fc.record({
  fair: fc.boolean(),
  enabled: fc.integer({ min: 0, max: 4 }).map((n) => n > 0),
  onHolderExit: fc.constantFrom('keep' as const, 'keep' as const, 'release' as const, 'fail' as const),
});
/** Some resources belong together: they are made for the place where the first of them will stand. */
type Bundle = (at: number) => Resource[];
const one = (arbitrary: fc.Arbitrary<Resource>): fc.Arbitrary<Bundle> =>
  arbitrary.map((resource) => () => [resource]);

const aLock = options.map((given) => lock('lock', given));
const anRlock = options.map((given) => rlock('rlock', given));
const bundle: fc.Arbitrary<Bundle> = fc.oneof(
  one(aLock),
  one(anRlock),
  {
    weight: 2,
    arbitrary: one(
      fc
        .tuple(options, fc.constantFrom('none' as const, 'readers' as const, 'writers' as const))
        .map(([given, prefer]) => rwlock('rwlock', given.fair ? 'none' : prefer, given)),
    ),
  },
  one(
    fc
      .tuple(options, fc.nat(3), fc.boolean())
      .map(([given, permits, bounded]) => semaphore('semaphore', permits, { ...given, bounded })),
  ),
  {
    weight: 2,
    arbitrary: one(
      fc
        .tuple(
          fc.boolean(),
          fc.nat(3),
          fc.constantFrom('fifo' as const, 'lifo' as const, 'priority' as const),
        )
        .map(([fair, capacity, order]) => queue('queue', order, capacity, { fair })),
    ),
  },
  one(fc.boolean().map((set) => event('event', set))),
  fc.oneof(aLock, anRlock).map((own) => (at: number) => [own, condition('condition', at)]),
  one(
    fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.boolean())
      .map(([parties, hasAction]) => barrier('barrier', parties, hasAction)),
  ),
  fc.constant((at: number) => pipe('pipe', at)),
);

const threads: fc.Arbitrary<TaskDraft> = fc
  .record({ count: fc.integer({ min: 1, max: 3 }), daemon: fc.option(fc.boolean(), { nil: undefined }) })
  .map(({ count, daemon }) => ({
    name: 'thread',
    count,
    program: [],
    ...(daemon === undefined ? {} : { daemon }),
  }));
const processes = threads.map((draft): TaskDraft => ({ ...draft, name: 'process', kind: 'process' }));

/** A few resources; some eight tasks. Half of them have a step that takes several permits at once: the layout looks for it. */
export const anyPlan: fc.Arbitrary<Plan> = fc
  .record({
    bundles: fc.array(bundle, { minLength: 1, maxLength: 2 }),
    tasks: fc.tuple(threads, threads, processes),
    several: fc.boolean(),
  })
  .map(({ bundles, tasks, several }) => {
    const resources: Resource[] = [];
    for (const some of bundles) resources.push(...some(resources.length));
    const takes = resources.map((_, id) =>
      operate('semaphore.acquire', id, { operands: [several ? cel('n') : 1n] }),
    );
    const plan = makePlan({ resources, tasks, main: { program: takes } });
    const shown = {
      resources,
      several,
      tasks: tasks.map(({ name, count, daemon }) => [name, count, daemon]),
    };
    return Object.assign(plan, { [fc.toStringMethod]: () => fc.stringify(shown) });
  });

export type Step =
  | {
      readonly step: 'act';
      readonly actor: number;
      readonly what: number;
      readonly target: number;
      readonly number: number;
      readonly timeout: number;
    }
  | { readonly step: 'resume'; readonly choice: number }
  | { readonly step: 'quiesce'; readonly choice: number }
  | { readonly step: 'time'; readonly us: number }
  | { readonly step: 'finish'; readonly actor: number };

const FOREVER = Number.POSITIVE_INFINITY;

/** What a step may compute where a number is asked for. */
const computed = [0, 1, 2, 3, 1, 2, -1, OPERANDS.least, OPERANDS.most];

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.record({
      step: fc.constant('act' as const),
      actor: fc.nat(),
      what: fc.nat(),
      target: fc.nat(),
      number: fc.constantFrom(...computed),
      timeout: fc.constantFrom(FOREVER, FOREVER, 0, 1, 3),
    }),
  },
  { weight: 12, arbitrary: fc.record({ step: fc.constant('resume' as const), choice: fc.nat() }) },
  { weight: 4, arbitrary: fc.record({ step: fc.constant('quiesce' as const), choice: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ step: fc.constant('time' as const), us: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('finish' as const), actor: fc.nat() }) },
);

export const anyScript = fc.array(anyStep, { minLength: 20, maxLength: 200, size: 'max' });

const deedsOf: Partial<Record<Resource['kind'], readonly OperationName[]>> = {
  lock: ['lock.acquire', 'lock.acquire', 'lock.release'],
  rlock: ['rlock.acquire', 'rlock.acquire', 'rlock.release'],
  rwlock: [
    'rwlock.read.acquire',
    'rwlock.read.acquire',
    'rwlock.read.release',
    'rwlock.read.release',
    'rwlock.write.acquire',
    'rwlock.write.release',
  ],
  semaphore: ['semaphore.acquire', 'semaphore.acquire', 'semaphore.release'],
  queue: [
    'queue.put',
    'queue.put',
    'queue.put',
    'queue.get',
    'queue.get',
    'queue.get',
    'queue.taskDone',
    'queue.taskDone',
    'queue.join',
    'queue.close',
  ],
  event: ['event.wait', 'event.wait', 'event.wait', 'event.signal', 'event.clear'],
  condition: ['condition.wait', 'condition.wait', 'condition.notify'],
  barrier: [
    'barrier.wait',
    'barrier.wait',
    'barrier.wait',
    'barrier.wait',
    'barrier.wait',
    'barrier.wait',
    'barrier.release',
    'barrier.release',
    'barrier.reset',
    'barrier.abort',
  ],
  pipeEnd: [
    'pipe.send',
    'pipe.send',
    'pipe.send',
    'pipe.send',
    'pipe.receive',
    'pipe.receive',
    'pipe.receive',
    'pipe.receive',
    'pipe.close',
  ],
};

const items = [1n, 'text', 2n ** 40n, [1n, 'x'], null, 'another, longer text', { a: 1.5 }, -1n];

/** Mostly resources; now and then a task is started, joined or ended. */
export function deedOf(plan: Plan, step: Extract<Step, { readonly step: 'act' }>): Deed {
  const { what, target, number } = step;
  const item = items[step.actor % items.length] ?? null;
  const kindOfDeed = what % 16;
  if (kindOfDeed >= 14) return taskDeed(plan, what, target);
  const id = target % plan.resources.length;
  const operations = deedsOf[plan.resources[id]?.kind ?? 'lock'] ?? [];
  const operation = operations[Math.floor(what / 16) % operations.length] ?? 'lock.acquire';
  const isCarrying = operation === 'queue.put' || operation === 'pipe.send';
  return {
    operation,
    target: id,
    item: isCarrying ? item : null,
    number: numberOf(plan, operation, id, number),
  };
}

function numberOf(plan: Plan, operation: OperationName, id: number, number: number): number {
  if (operation === 'queue.close') return number === 1 ? 1 : 0;
  if (operation === 'barrier.wait') return hasAction(plan.resources[id]) ? 1 : 0;
  if (operation === 'pipe.send') return 0;
  // So many permits twice are more than a word can count, where nobody waits for them.
  const isUnlimited = operation === 'semaphore.release' || plan.resources[id]?.enabled === false;
  if (isUnlimited && number > 3) return 3;
  const takes = plan.programs[0]?.instructions[id];
  const several = takes?.op === 'operate' && takes.operands[0]?.constant === undefined;
  return operation === 'semaphore.acquire' && !several ? 1 : number;
}

function hasAction(resource: Resource | undefined): boolean {
  return resource?.kind === 'barrier' && resource.hasAction === true;
}

function taskDeed(plan: Plan, what: number, target: number): Deed {
  const operations = [
    'task.start',
    'task.start',
    'task.start',
    'task.start',
    'task.join',
    'task.join',
    'task.terminate',
    'task.kill',
  ] as const;
  const operation = operations[Math.floor(what / 16) % operations.length] ?? 'task.start';
  const isRare = operation === 'task.terminate' || operation === 'task.kill';
  const tasks = plan.tasks.length;
  // Ending main ends the run: seldom.
  const id = isRare && target % 31 !== 0 ? 1 + (target % (tasks - 1)) : target % tasks;
  return { operation, target: id, item: operation === 'task.start' ? 'input' : null, number: 0 };
}

export function play(run: OperationsRun, script: readonly Step[]): void {
  const { plan } = run.model;
  startAll(run);
  for (const step of script) {
    // Where all wait, only time helps.
    if (run.actors().length === 0) run.passTime(3);
    const actors = run.actors();
    switch (step.step) {
      case 'act': {
        const actor = actors[step.actor % Math.max(1, actors.length)];
        if (actor !== undefined) run.act(actor, deedOf(plan, step), step.timeout);
        break;
      }
      case 'resume':
        run.resume(step.choice);
        break;
      case 'quiesce':
        run.quiesce(() => step.choice);
        break;
      case 'time':
        run.passTime(step.us);
        break;
      case 'finish': {
        const actor = actors[step.actor % Math.max(1, actors.length)];
        if (actor !== undefined && actor !== 0) run.finish(actor);
        break;
      }
      default:
        step satisfies never;
    }
  }
  run.quiesce(() => 0);
}

/** Main starts everybody, but for the last of the threads. */
function startAll(run: OperationsRun): void {
  const { tasks } = run.model.plan;
  const last = tasks.findLastIndex(({ kind }) => kind === 'thread');
  tasks.forEach((_, target) => {
    if (target === 0 || target === last) return;
    run.act(0, { operation: 'task.start', target, item: null, number: 0 }, FOREVER);
  });
  run.quiesce(() => 0);
}
