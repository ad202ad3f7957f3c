/**
 * What a child process does: it takes up what it inherited, and carries the tasks of its process until that has ended.
 */
import { deserialize } from 'node:v8';
import { processCarrier } from '../kernel/layout.ts';
import { runCarrier } from '../machine/carrier.ts';
import { Machine } from '../machine/machine.ts';
import { createCarrierKernel, type RunContext } from './carrier-kernel.ts';
import { openInheritance } from './inheritance.ts';
import { MUTEX_SPINS, SLICE, SPINS } from './pace.ts';

export function runChild(): never {
  const inheritance = openInheritance();
  const run = deserialize(inheritance.plan) as RunContext;
  const carrier = processCarrier(run.layoutOptions, inheritance.process);
  const { words, parking } = inheritance.memory;
  const bell = (): void => {
    inheritance.ring();
  };
  const { k } = createCarrierKernel(run, { words, parking, carrier, spins: MUTEX_SPINS, bell });
  const machine = new Machine(k, { pidOf: () => process.pid, carrier, isVirtual: false, env: process.env });
  runCarrier(machine, {
    process: inheritance.process,
    slice: SLICE,
    spins: SPINS,
    mayGoOn: inheritance.isParentAlive,
  });
  return inheritance.exit(0);
}
