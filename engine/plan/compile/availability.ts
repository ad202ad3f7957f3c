/**
 * What the language has and this version has not: said once, clearly, where it is written. To make something available
 * is to take its line away.
 */

import type { Path } from '../../document/document.ts';
import type { Defaults, Scenario, Task } from '../../document/scenario.generated.ts';
import type { Planning } from './planning.ts';

const sections = [
  'conditions',
  'barriers',
  'pipes',
  'files',
  'pools',
] as const satisfies readonly (keyof Scenario)[];

const taskKeys = [
  'pool',
  'needs',
  'ready',
  'env',
  'cwd',
  'shell',
  'timeout',
  'retry',
] as const satisfies readonly (keyof Task)[];

const defaultKeys = ['timeout', 'shell', 'cwd', 'env'] as const satisfies readonly (keyof Defaults)[];

/** Reports what is not available; the names it declares are known, so that nothing more is said of them. */
export function checkAvailability(planning: Planning): void {
  const { document, names, report, scenario } = planning;
  const say = (path: Path, what: string): void => {
    report('not-available', document.spanAt(path, 'key'), `\`${what}\` is not available in this version`);
  };
  for (const section of sections) {
    if (scenario[section] === undefined) continue;
    say([section], section);
    for (const name of Object.keys(scenario[section] ?? {})) names.declare(name, { kind: 'broken' });
  }
  for (const key of defaultKeys) if (scenario.defaults?.[key] !== undefined) say(['defaults', key], key);
  for (const [name, task] of Object.entries(scenario.tasks ?? {})) {
    for (const key of taskKeys) if (task[key] !== undefined) say(['tasks', name, key], key);
  }
}
