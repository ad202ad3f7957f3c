/**
 * What the language has and this version has not: said once, clearly, where it is written. To make something available
 * is to take its line away.
 */
import type { Ready } from '../../document/scenario.generated.ts';
import type { Planning } from './planning.ts';

/** How a task is seen to be ready. Of these only an event can be looked at. */
const probes = [
  'port',
  'http',
  'log',
  'run',
  'timeout',
  'interval',
] as const satisfies readonly (keyof Ready)[];

/** Reports what is not available. */
export function checkAvailability({ document, report, scenario }: Planning): void {
  for (const [name, task] of Object.entries(scenario.tasks ?? {})) {
    for (const key of probes) {
      if (task.ready?.[key] === undefined) continue;
      const span = document.spanAt(['tasks', name, 'ready', key], 'key');
      report('not-available', span, `\`${key}\` of \`ready\` is not available in this version`, {
        help: 'let the task signal an event: `ready: { event: … }`',
      });
    }
  }
}
