/**
 * The machine of a carrier, and the turns that it is to take first, if any are forced on the run.
 */
import { ForcedTurns } from '../../machine/forced-turns.ts';
import type { Identity } from '../../machine/frame.ts';
import { Machine } from '../../machine/machine.ts';
import type { CarrierKernel, RunContext } from './carrier-kernel.ts';

export function createForcedMachine(
  { k, clock }: Pick<CarrierKernel, 'k' | 'clock'>,
  { score }: Pick<RunContext, 'score'>,
  process: number,
  identity: Identity,
): { readonly machine: Machine; readonly forced: ForcedTurns | undefined } {
  if (score === undefined) return { machine: new Machine(k, identity), forced: undefined };
  let forced: ForcedTurns | undefined;
  const machine = new Machine(k, { ...identity, choose: () => forced?.choose() });
  forced = new ForcedTurns(machine, score, process, clock);
  return { machine, forced };
}
