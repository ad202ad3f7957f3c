/**
 * The scenario's resources and vars: how many, of what kind and size.
 */
import type { Path } from '../../../document/document.ts';
import type { ResourceSection } from '../../../document/language/resources.ts';
import type {
  Barrier,
  Lock,
  Pool,
  Queue,
  Rwlock,
  Event as ScenarioEvent,
  Semaphore,
} from '../../../document/scenario.generated.ts';
import type { Duration } from '../../../expression/expression.ts';
import type { Value } from '../../../expression/values/value.ts';
import type { Resource, ResourceKind } from '../../plan.ts';
import type { Bounds } from '../constants.ts';
import type { Planning } from '../planning.ts';
import { declareCondition } from './declare-condition.ts';
import { declareFile } from './declare-file.ts';
import { declarePipe } from './declare-pipe.ts';
import { type Declared, elementNames, type Site } from './resource-site.ts';

/** What every kind has. */
export type Common = Pick<Lock, 'count' | 'fair' | 'enabled' | 'onHolderExit'>;

/** What is a kind's own; undefined if something was reported. */
type Kind = Resource extends infer R
  ? R extends { readonly kind: infer K extends ResourceKind }
    ? Omit<R, 'name' | 'span' | 'fair' | 'enabled' | 'onHolderExit'> & { readonly kind: K }
    : never
  : never;

export const mostElements = 1_000_000;

const counts: Bounds = { min: 0, max: mostElements };
const permits: Bounds = { min: 0, max: 1_000_000_000 };
const capacities: Bounds = { min: 0, max: 10_000_000 };
const parties: Bounds = { min: 1, max: mostElements };
const workers: Bounds = { min: 1, max: 10_000 };

const sections = {
  locks: (site, lock: Lock) => alike(site, { kind: lock.kind ?? 'lock' }),
  rwlocks(site, { prefer = 'none' }: Rwlock) {
    if (site.common.fair && prefer !== 'none') {
      const span = site.planning.document.spanAt([...site.path, 'prefer'], 'key');
      site.planning.report('no-effect', span, '`prefer` has no effect beside `fair: true`', {
        help: 'all are served in order of arrival then, neighbouring readers together',
      });
    }
    return alike(site, { kind: 'rwlock', prefer });
  },
  semaphores(site, semaphore: Semaphore) {
    const initial = sizeOf(site, 'permits', semaphore.permits, 1, permits);
    return initial === undefined
      ? undefined
      : alike(site, {
          kind: 'semaphore',
          permits: initial,
          bounded: flagOf(site, 'bounded', semaphore.bounded),
        });
  },
  events: (site, event: ScenarioEvent) => alike(site, { kind: 'event', set: flagOf(site, 'set', event.set) }),
  queues(site, queue: Queue) {
    const capacity = sizeOf(site, 'capacity', queue.capacity, 0, capacities);
    return capacity === undefined
      ? undefined
      : alike(site, { kind: 'queue', order: queue.kind ?? 'fifo', capacity });
  },
  conditions: declareCondition,
  barriers(site, barrier: Barrier) {
    const size = sizeOf(site, 'parties', barrier.parties, 1, parties);
    return size === undefined
      ? undefined
      : alike(site, { kind: 'barrier', parties: size, ...actionOf(barrier), ...timeoutOf(site, barrier) });
  },
  pipes: declarePipe,
  files: declareFile,
  pools(site, pool: Pool) {
    const size = sizeOf(site, 'size', pool.size, 1, workers);
    return size === undefined ? undefined : alike(site, { kind: 'pool', size });
  },
} as const satisfies Record<
  Exclude<ResourceSection, 'vars'>,
  (site: Site, declared: never) => Declared | undefined
>;

function actionOf({ action }: Barrier): { readonly hasAction?: true } {
  return action === undefined ? {} : { hasAction: true };
}

function timeoutOf({ planning, path }: Site, { timeout }: Barrier): { readonly timeout?: Duration } {
  if (timeout === undefined) return {};
  const known = planning.constants.duration({ data: timeout, path: [...path, 'timeout'] });
  return known === undefined ? {} : { timeout: known };
}

/** Items that all queues and pipes have room for together; one without a limit counts as a thousand. */
const mostCells = 100_000_000;
const cellsOfUnbounded = 1024;

function cellsOf(resource: Resource): number {
  if (resource.kind === 'pipeEnd') return cellsOfUnbounded;
  if (resource.kind !== 'queue') return 0;
  return resource.capacity === 0 ? cellsOfUnbounded : resource.capacity;
}

type Section = keyof typeof sections;

export const resourceSections = Object.keys(sections) as readonly Section[];

/** All resources, numbered; their names are declared. Locks come first, for conditions name them. */
export function declareResources(planning: Planning): void {
  let cells = 0;
  for (const section of resourceSections) {
    const declare = sections[section] as (site: Site, declared: Common) => Declared | undefined;
    for (const [name, written] of Object.entries<Common>(planning.scenario[section] ?? {})) {
      const site = siteOf(planning, name, written, [section, name]);
      const declared = site === undefined ? undefined : declare(site, written);
      planning.names.declare(name, declared?.binding ?? { kind: 'broken' });
      for (const resource of declared?.resources ?? []) {
        planning.resources.add(resource);
        const before = cells;
        cells += cellsOf(resource);
        if (before <= mostCells && cells > mostCells) reportTooMany(planning, [section, name]);
      }
    }
  }
}

function reportTooMany({ document, report }: Planning, path: Path): void {
  const message = `queues and pipes may have room for ${mostCells} items together, not more`;
  report('bad-size', document.spanAt(path, 'key'), message, { help: 'declare fewer, or smaller ones' });
}

/** Where nobody takes anything from another, an order of arrival decides nothing. */
const unordered: Readonly<Record<string, string>> = {
  events: 'all who wait for an event go on together',
  barriers: 'all who wait at a barrier go on together',
  pools: 'a pool always takes work in order of arrival',
  pipes: 'who receives is not promised: an end is meant for one task; a queue can be fair',
};

function checkFair({ document, report }: Planning, isFair: boolean, path: Path): void {
  const why = unordered[String(path[0])];
  if (!isFair || why === undefined) return;
  report('no-effect', document.spanAt([...path, 'fair'], 'key'), '`fair` has no effect here', { help: why });
}

function siteOf(planning: Planning, name: string, written: Common, path: Path): Site | undefined {
  const { constants, document, resources } = planning;
  const count = constants.integer({ data: written.count, path: [...path, 'count'] }, 1, counts);
  const common = {
    span: document.spanAt(path, 'key'),
    fair: constants.flag({ data: written.fair, path: [...path, 'fair'] }, false),
    enabled: constants.condition({ data: written.enabled, path: [...path, 'enabled'] }, true),
    onHolderExit: written.onHolderExit ?? 'keep',
  } as const;
  checkFair(planning, common.fair, path);
  if (count === undefined) return undefined;
  const first = resources.list().length;
  return { planning, name, path, first, count, array: written.count !== undefined, common };
}

function sizeOf(
  { planning, path }: Site,
  key: string,
  data: Value | undefined,
  missing: number,
  bounds: Bounds,
): number | undefined {
  return planning.constants.integer({ data, path: [...path, key] }, missing, bounds);
}

function flagOf({ planning, path }: Site, key: string, data: Value | undefined): boolean {
  return planning.constants.flag({ data, path: [...path, key] }, false);
}

/** So many elements that differ in nothing but their names. */
function alike(site: Site, own: Kind): Declared {
  const { count, first, array, common } = site;
  const resources = elementNames(site).map((name): Resource => ({ name, ...common, ...own }));
  return { resources, binding: { kind: 'resource', resource: own.kind, first, count, array } };
}

/** All vars, numbered; their names are declared. */
export function declareVariables(planning: Planning): void {
  const { constants, document, names, scenario, variables } = planning;
  for (const [name, declared] of Object.entries(scenario.vars ?? {})) {
    const path = ['vars', name];
    const array = declared.count !== undefined;
    const count = constants.integer({ data: declared.count, path: [...path, 'count'] }, 1, counts);
    const value =
      declared.value === undefined
        ? null
        : constants.value({ data: declared.value, path: [...path, 'value'] });
    const shared = constants.flag({ data: declared.shared, path: [...path, 'shared'] }, false);
    if (count === undefined || value === undefined) {
      names.declare(name, { kind: 'broken' });
      continue;
    }
    const initial = Array.from({ length: count }, (): Value => value);
    const variable = variables.add({ name, span: document.spanAt(path, 'key'), shared, array, initial });
    names.declare(name, { kind: 'variable', variable, array, count });
  }
}
