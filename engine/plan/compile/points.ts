/**
 * The `id`s of steps. One name may stand on several steps (a list of steps shared by an anchor, a routine): it then
 * counts those who are inside any of them.
 */
import type { Path } from '../../document/document.ts';
import type { Step, Steps } from '../../document/scenario.generated.ts';
import type { Point } from '../plan.ts';
import type { Planning } from './planning.ts';
import { numberOfStep } from './step-text.ts';

/** All points, numbered; their names are declared, after all others. */
export function declarePoints(planning: Planning): readonly Point[] {
  const points: Point[] = [];
  const { scenario, names } = planning;
  const visit = (steps: Steps, path: Path): void => {
    steps.forEach((step, index) => {
      const at = [...path, index];
      if (step.id !== undefined && names.lookup(step.id) === undefined) {
        names.declare(step.id, { kind: 'point', point: points.length });
        points.push({ name: step.id, step: numberOfStep(planning, step, at) });
      }
      for (const [key, nested] of nestedSteps(step)) visit(nested, [...at, ...key]);
    });
  };
  if (scenario.main !== undefined) visit(scenario.main, ['main']);
  for (const [name, { steps }] of Object.entries(scenario.tasks ?? {}))
    visit(steps, ['tasks', name, 'steps']);
  for (const [name, steps] of Object.entries(scenario.routines ?? {})) visit(steps, ['routines', name]);
  return points;
}

/** The lists of steps inside a step, and the keys they are under. */
function nestedSteps(step: Step): readonly (readonly [Path, Steps])[] {
  const lists: (readonly [Path, Steps | undefined])[] = [];
  if ('onTimeout' in step) lists.push([['onTimeout'], step.onTimeout]);
  if ('do' in step) lists.push([['do'], step.do]);
  if (step.verb === 'atomic') lists.push([['atomic'], step.atomic]);
  if (step.verb === 'then') lists.push([['then'], step.then], [['else'], step.else]);
  if (step.verb === 'try') {
    lists.push([['try'], step.try], [['finally'], step.finally]);
    for (const [error, steps] of Object.entries(step.catch ?? {})) lists.push([['catch', error], steps]);
  }
  return lists.flatMap(([key, steps]) => (steps === undefined ? [] : [[key, steps] as const]));
}
