/**
 * Conditions that are looked at again and again: what in them nobody can foresee, so that nobody knows when to look.
 */
import type { Code } from '../../../diagnostic/codes.ts';
import type { Path } from '../../../document/document.ts';
import type { Data } from '../../../document/scenario.generated.ts';
import type { SyntaxTree } from '../../../expression/cel.ts';
import { callsOf, mentionsClock, otherUsesOfClock } from '../../../expression/clock-comparison.ts';
import { type Place, partOf, placeOf } from '../../../expression/place.ts';
import { wholeExpression } from '../../../expression/template.ts';
import type { StepContext } from './step-context.ts';

type Written = { readonly place: Place; readonly tree: SyntaxTree };

const comparisons = 'compare it, as in `now > start + 0.5`, or let a `sleep` pass the time';

/** An `await` looks again when what it reads has changed, and when a comparison with the time does. */
export function checkAwaited(context: StepContext, data: Data, path: Path): void {
  const written = writtenAt(context, data, path);
  if (written === undefined) return;
  const nodes = otherUsesOfClock(written.tree);
  say(context, written, nodes, 'now-in-await', [
    'nobody can tell when this changes: `await` looks at the time where it is compared',
    comparisons,
  ]);
  const draws = callsOf(written.tree, 'random');
  say(context, written, draws, 'random-in-await', [
    'this is drawn once for the whole wait, not each time the `await` looks',
    'draw it before: `let: { chance: … }`',
  ]);
}

/** In virtual time, a loop that only looks is looked at again when a comparison with the time changes. */
export function checkLoop(context: StepContext, data: Data, path: Path): void {
  const written = writtenAt(context, data, path);
  if (written === undefined) return;
  say(context, written, otherUsesOfClock(written.tree), 'now-in-while', [
    'virtual time cannot tell when this changes: a loop that only waits for it is never over there',
    comparisons,
  ]);
}

/** As in Python, a condition's predicate is looked at when somebody notifies, and when the time of the wait is over. */
export function checkPredicate(context: StepContext, data: Data, path: Path): void {
  const written = writtenAt(context, data, path);
  if (written === undefined || !mentionsClock(written.tree)) return;
  say(context, written, [written.tree], 'now-in-until', [
    'this is looked at after a `notify` and at the `timeout`, not when the time comes',
    'wait for a time with `await`, or give the `wait` a `timeout`',
  ]);
}

function writtenAt({ planning }: StepContext, data: Data, path: Path): Written | undefined {
  if (typeof data !== 'string') return undefined;
  const scalar = placeOf(planning.document, path, data);
  const whole = wholeExpression(data);
  const place = whole === undefined ? scalar : partOf(scalar, whole.start, whole.end);
  // What is wrong with its syntax is reported where it is compiled.
  const tree = planning.composer.checker.parse(place, () => {});
  return tree === undefined ? undefined : { place, tree };
}

function say(
  { planning }: StepContext,
  { place }: Written,
  nodes: readonly SyntaxTree[],
  code: Code,
  [message, help]: readonly [string, string],
): void {
  for (const { start, end } of nodes) planning.report(code, place.at(start, end), message, { help });
}
