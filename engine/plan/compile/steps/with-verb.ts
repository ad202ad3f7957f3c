/**
 * `with`: elements are computed first, then acquired in order; each is released, in reverse, on every way out.
 *
 * A timeout is for each acquiring. When one is not acquired in time, those before it are released before `onTimeout`.
 */
import type { Path } from '../../../document/document.ts';
import type { WithStep } from '../../../document/scenario.generated.ts';
import type { TimeoutRule } from '../../instruction.ts';
import { complete } from '../complete.ts';
import { deedFor, kindOf } from '../resources/operation-of.ts';
import { operationOf, type Reference, referenceOf, targetOf } from '../resources/reference.ts';
import type { Label } from '../tasks/program-builder.ts';
import { type Operate, permitsOf } from './resource-verbs.ts';
import type { StepContext } from './step-context.ts';
import { type Rule, timed } from './timed.ts';

type Holding = { readonly acquire: Operate; readonly release: Operate };

export function compileWith(context: StepContext, step: WithStep, path: Path): void {
  const { builder } = context;
  const written = step.with.map((text, index) =>
    referenceOf(context, text, [...path, 'with', index], 'with'),
  );
  const references = complete(written);
  if (references === undefined) {
    context.steps(context, step.do, [...path, 'do']);
    return;
  }
  const number = builder.step;
  const holdings = references.map((reference) => holdingOf(context, reference, path));
  const release = (holding: Holding): void => {
    builder.step = number;
    builder.emit({ op: 'operate', ...holding.release });
  };

  /** Acquires those from `index` on; if one comes too late, it goes to `late`, or to the rule's own place. */
  const nest = (index: number, rule: Rule, late: Label | undefined): void => {
    const holding = holdings[index];
    if (holding === undefined) {
      context.steps(context, step.do, [...path, 'do']);
      return;
    }
    builder.emitLater((at) => ({ op: 'operate', ...holding.acquire, ...timeoutTo(rule, late, at) }));
    const unwind = builder.label();
    builder.guarded({
      body: () => nest(index + 1, rule, unwind),
      cleanup: () => release(holding),
      handler(slot) {
        release(holding);
        builder.emit({ op: 'reraise', slot });
      },
    });
    if (step.onTimeout === undefined || index + 1 === holdings.length) return;
    const done = builder.label();
    builder.emitLater((at) => ({ op: 'jump', to: at(done) }));
    builder.place(unwind);
    release(holding);
    builder.emitLater((at) => ({
      op: 'jump',
      to: late === undefined ? (rule?.(at).onTimeout ?? at(done)) : at(late),
    }));
    builder.place(done);
  };
  timed(context, step, path, false, (rule) => nest(0, rule, undefined));
}

function timeoutTo(
  rule: Rule,
  late: Label | undefined,
  at: (label: Label) => number,
): { readonly timeout?: TimeoutRule } {
  const timeout = rule?.(at);
  if (timeout === undefined) return {};
  return {
    timeout:
      timeout.onTimeout === undefined || late === undefined ? timeout : { ...timeout, onTimeout: at(late) },
  };
}

function holdingOf(context: StepContext, reference: Reference, path: Path): Holding {
  const target = targetOf(context, reference);
  const operands = permitsOf(context, reference, undefined, path) ?? [];
  const { binding } = reference;
  const release = binding.kind === 'resource' ? deedFor(kindOf(binding), 'release') : undefined;
  if (release === undefined || release === 'planned')
    throw new Error(`bug in concur: \`with\` on ${reference.name}, which has no release`);
  return {
    acquire: { operation: operationOf(reference), target, operands },
    release: { operation: release, target, operands },
  };
}
