/**
 * All names of a scenario outside tasks: one namespace. Which names clash or are reserved was checked on loading.
 */
import type { Binding, Scope } from '../../../expression/scope.ts';
import type { ValueMap } from '../../../expression/values/value.ts';

export type NameTable = Scope & { declare(name: string, binding: Binding): void };

/** Names of the language's own, where no task runs. */
export function createNameTable(params: ValueMap): NameTable {
  const bindings = new Map<string, Binding>([
    ['params', { kind: 'params', values: params }],
    ['now', { kind: 'now' }],
    ['env', { kind: 'env' }],
    ['task', { kind: 'absent', why: '`task` is the running task, and none runs here' }],
  ]);
  for (const [name, value] of Object.entries(params)) bindings.set(name, { kind: 'constant', value });
  return {
    lookup: (name) => bindings.get(name),
    names: () => bindings.keys(),
    /** The first of two with the same name stays. */
    declare(name, binding) {
      if (!bindings.has(name)) bindings.set(name, binding);
    },
  };
}

/** Only parameters: for what must be known before the run. `later`: names that are declared after it. */
export function parameterScope(names: Scope, later: ReadonlySet<string>): Scope {
  return {
    names: names.names,
    lookup(name) {
      const binding = names.lookup(name);
      if (binding === undefined && !later.has(name)) return undefined;
      if (binding !== undefined && ['params', 'constant', 'broken'].includes(binding.kind)) return binding;
      return {
        kind: 'absent',
        why: `\`${name}\` is not known before the run`,
        help: 'only parameters may be used here',
      };
    },
  };
}

/** The names within a task: its locals before all others, and the task itself. */
export type TaskScope = Scope & {
  declare(name: string, slot: number): void;
  /** What the slot of a local variable is called. */
  slotName(name: string): string;
  /** While `body` runs, `input` is that slot. */
  withInput(slot: number, body: () => void): void;
};

/** @param owner whose steps these are, where they are put into a task's program from outside of it: the name of a barrier */
export function createTaskScope(outer: Scope, owner?: string): TaskScope {
  const locals = new Map<string, Binding>([['task', { kind: 'task' }]]);
  return {
    lookup: (name) => locals.get(name) ?? outer.lookup(name),
    names: () => [...locals.keys(), ...outer.names()],
    declare: (name, slot) => void locals.set(name, { kind: 'local', slot }),
    slotName: (name) => (owner === undefined ? name : `${owner}.${name}`),
    withInput(slot, body) {
      const before = locals.get('input');
      locals.set('input', { kind: 'local', slot });
      body();
      if (before === undefined) locals.delete('input');
      else locals.set('input', before);
    },
  };
}
