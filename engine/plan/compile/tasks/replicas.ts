/**
 * What is done for each replica of a task: a loop over their numbers.
 */
import type { Target } from '../../instruction.ts';
import type { ProgramBuilder } from './program-builder.ts';

export type Replicas = { readonly first: number; readonly count: number; readonly array: boolean };

/** Once for a task that is only one; for replicas, in a loop that counts from `first`, `count` times. */
export function overReplicas(
  { builder }: { readonly builder: ProgramBuilder },
  { first, count, array }: Replicas,
  emit: (target: Target) => void,
): void {
  if (!array) {
    emit({ kind: 'fixed', id: first });
    return;
  }
  const counter = builder.hidden('next');
  const limit = builder.hidden('limit');
  const slot = builder.hidden('id');
  const [again, exit] = [builder.label(), builder.label()] as const;
  builder.emit({ op: 'assign', slot: counter, value: BigInt(first) });
  builder.emit({ op: 'assign', slot: limit, value: BigInt(first + count) });
  builder.place(again);
  builder.emitLater((at) => ({ op: 'next', counter, limit, as: slot, exit: at(exit) }));
  emit({ kind: 'slot', slot });
  builder.emitLater((at) => ({ op: 'jump', to: at(again) }));
  builder.place(exit);
}
