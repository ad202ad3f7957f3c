/**
 * The scenario's resources and vars: how many, of what kind and size.
 */
import type { Path } from '../../document/document.ts';
import type {
  Lock,
  Queue,
  Scenario,
  Event as ScenarioEvent,
  Semaphore,
} from '../../document/scenario.generated.ts';
import type { Resource, ResourceKind, Variable } from '../plan.ts';
import type { Value } from '../value.ts';
import type { Bounds } from './constants.ts';
import type { Planning } from './planning.ts';

/** What every kind has. */
type Common = Pick<Lock, 'count' | 'fair' | 'enabled' | 'onHolderExit'>;

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

const sections = {
  locks: (_planning, lock: Lock) => ({ kind: lock.kind ?? 'lock' }),
  semaphores: ({ constants }, semaphore: Semaphore, path) => {
    const initial = constants.integer({ data: semaphore.permits, path: [...path, 'permits'] }, 1, permits);
    if (initial === undefined) return undefined;
    const bounded = constants.flag({ data: semaphore.bounded, path: [...path, 'bounded'] }, false);
    return { kind: 'semaphore', permits: initial, bounded };
  },
  events: ({ constants }, event: ScenarioEvent, path) => {
    return { kind: 'event', set: constants.flag({ data: event.set, path: [...path, 'set'] }, false) };
  },
  queues: ({ constants }, queue: Queue, path) => {
    const capacity = constants.integer({ data: queue.capacity, path: [...path, 'capacity'] }, 0, capacities);
    return capacity === undefined ? undefined : { kind: 'queue', order: queue.kind ?? 'fifo', capacity };
  },
} as const satisfies {
  [S in keyof Scenario]?: (planning: Planning, declared: never, path: Path) => Kind | undefined;
};

/** All resources, numbered; their names are declared. */
export function declareResources(planning: Planning): readonly Resource[] {
  const resources: Resource[] = [];
  for (const section of ['locks', 'semaphores', 'events', 'queues'] as const) {
    const kindOf = sections[section] as (
      planning: Planning,
      declared: Common,
      path: Path,
    ) => Kind | undefined;
    for (const [name, declared] of Object.entries<Common>(planning.scenario[section] ?? {})) {
      const path = [section, name];
      const own = kindOf(planning, declared, path);
      const array = declared.count !== undefined;
      const count = planning.constants.integer({ data: declared.count, path: [...path, 'count'] }, 1, counts);
      if (own === undefined || count === undefined) {
        planning.names.declare(name, { kind: 'broken' });
        continue;
      }
      planning.names.declare(name, {
        kind: 'resource',
        resource: own.kind,
        first: resources.length,
        count,
        array,
      });
      const common = commonOf(planning, declared, path);
      for (let index = 0; index < count; index++) {
        resources.push({ name: array ? `${name}[${index}]` : name, ...common, ...own });
      }
    }
  }
  return resources;
}

function commonOf({ constants, document }: Planning, declared: Common, path: Path) {
  return {
    span: document.spanAt(path, 'key'),
    fair: constants.flag({ data: declared.fair, path: [...path, 'fair'] }, false),
    enabled: constants.condition({ data: declared.enabled, path: [...path, 'enabled'] }, true),
    onHolderExit: declared.onHolderExit ?? 'keep',
  } as const;
}

/** All vars, numbered; their names are declared. */
export function declareVariables(planning: Planning): readonly Variable[] {
  const { constants, document, names, scenario } = planning;
  const variables: Variable[] = [];
  for (const [name, declared] of Object.entries(scenario.vars ?? {})) {
    const path = ['vars', name];
    const array = declared.count !== undefined;
    const count = constants.integer({ data: declared.count, path: [...path, 'count'] }, 1, counts);
    const value =
      declared.value === undefined
        ? null
        : constants.value({ data: declared.value, path: [...path, 'value'] });
    if (count === undefined || value === undefined) {
      names.declare(name, { kind: 'broken' });
      continue;
    }
    names.declare(name, { kind: 'variable', variable: variables.length, array, count });
    const shared = constants.flag({ data: declared.shared, path: [...path, 'shared'] }, false);
    const initial = Array.from({ length: count }, (): Value => value);
    variables.push({ name, span: document.spanAt(path, 'key'), shared, array, initial });
  }
  return variables;
}
