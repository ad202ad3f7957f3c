/**
 * The `id`s of steps. One name may stand on several steps (a list of steps shared by an anchor, a routine): it then
 * counts those who are inside any of them.
 */
import type { Path } from '../../../document/document.ts';
import type { Scenario, Step, Steps } from '../../../document/scenario.generated.ts';
import type { Point } from '../../plan.ts';
import type { Planning } from '../planning.ts';
import { numberOfStep } from './step-text.ts';

/** All points, numbered; their names are declared, after all others. */
export function declarePoints(planning: Planning): readonly Point[] {
  const points: Point[] = [];
  const { scenario, names } = planning;
  for (const [step, path] of everyStep(scenario)) {
    if (step.id === undefined) continue;
    const before = names.lookup(step.id);
    if (before !== undefined) {
      if (before.kind !== 'point' && before.kind !== 'broken') reportTaken(planning, step.id, path);
      continue;
    }
    names.declare(step.id, { kind: 'point', point: points.length });
    points.push({ name: step.id, step: numberOfStep(planning, step, path) });
  }
  return points;
}

function reportTaken({ document, report }: Planning, id: string, path: Path): void {
  report('duplicate-name', document.spanAt([...path, 'id']), `the name \`${id}\` is taken`, {
    help: `resources, vars, tasks and the ids of steps share their names; write \`id: ${id}_step\``,
  });
}

/** All steps of a scenario with their places, each before those inside it. */
export function* everyStep(scenario: Scenario): Generator<readonly [Step, Path]> {
  if (scenario.main !== undefined) yield* stepsIn(scenario.main, ['main']);
  for (const [name, { steps }] of Object.entries(scenario.tasks ?? {}))
    yield* stepsIn(steps, ['tasks', name, 'steps']);
  for (const [name, steps] of Object.entries(scenario.routines ?? {}))
    yield* stepsIn(steps, ['routines', name]);
  for (const [name, { action }] of Object.entries(scenario.barriers ?? {}))
    if (action !== undefined) yield* stepsIn(action, ['barriers', name, 'action']);
}

function* stepsIn(steps: Steps, path: Path): Generator<readonly [Step, Path]> {
  for (const [index, step] of steps.entries()) {
    const at = [...path, index];
    yield [step, at];
    for (const [key, nested] of nestedSteps(step)) yield* stepsIn(nested, [...at, ...key]);
  }
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
