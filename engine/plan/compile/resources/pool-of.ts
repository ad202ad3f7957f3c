/**
 * The pool that a task names.
 */
import type { Path } from '../../../document/document.ts';
import { suggestion } from '../../../expression/report.ts';
import { nounOf } from '../../../expression/scope.ts';
import type { Planning } from '../planning.ts';

/** Its number; undefined if something was reported. */
export function poolOf(planning: Planning, name: string, path: Path): number | undefined {
  const { document, names, report, scenario, uses } = planning;
  const binding = names.lookup(name);
  const span = document.spanAt(path);
  if (binding?.kind === 'broken') return undefined;
  if (binding === undefined) {
    const help = suggestion(name, Object.keys(scenario.pools ?? {})) ?? 'declare it under `pools`';
    report('unknown-name', span, `there is no pool \`${name}\``, { help });
    return undefined;
  }
  if (binding.kind === 'resource') uses.add(binding.first, 'task');
  if (binding.kind !== 'resource' || binding.resource !== 'pool') {
    report('wrong-kind', span, `tasks run on pools, and \`${name}\` is ${nounOf(binding)}`);
    return undefined;
  }
  if (!binding.array) return binding.first;
  const help = 'a task runs on one pool: declare it without `count`';
  report('bad-reference', span, `\`${name}\` is an array of ${binding.count} pools`, { help });
  return undefined;
}

/** Whether its workers are processes. */
export function isProcessPool({ tasks }: Planning, pool: number): boolean {
  const workers = tasks.declarations().find(({ body }) => body.is === 'worker' && body.pool === pool);
  return workers?.kind === 'process';
}
