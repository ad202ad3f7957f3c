/**
 * What a child process does: it takes up what it inherited, and carries the tasks of its process until that has ended.
 */

import { writeSync } from 'node:fs';
import { deserialize } from 'node:v8';
import type { Kernel } from '../../kernel/kernel.ts';
import { WAIT } from '../../kernel/memory/layout.ts';
import { refuseCall } from '../../kernel/runtime/call.ts';
import { processCarrier } from '../../kernel/runtime/carriers.ts';
import { Exhausted } from '../../log/exhausted.ts';
import { int } from '../../log/int.ts';
import { runCarrier } from '../../machine/carrier.ts';
import { type CallHost, type CallHostOptions, createCallHost } from '../calls/call-host.ts';
import { MachineFault } from '../machine-fault.ts';
import { createCarrierKernel, type RunContext } from '../real/carrier-kernel.ts';
import { createForcedMachine } from '../real/forced-machine.ts';
import { drawSlice, MUTEX_SPINS, SPINS } from '../real/pace.ts';
import { type PackedRun, unpackRun } from '../real/packed-run.ts';
import { FAULT_CODE, INHERITED, type Inheritance, openInheritance } from './inheritance.ts';

export function runChild(): never {
  try {
    return carry();
  } catch (error) {
    if (!(error instanceof MachineFault)) throw error;
    writeSync(process.stderr.fd, error.message);
    process.exit(FAULT_CODE);
  }
}

function carry(): never {
  const inheritance = openInheritance();
  const run = unpackRun(deserialize(inheritance.plan) as PackedRun);
  const carrier = processCarrier(run.layoutOptions, inheritance.process);
  const { words, parking } = inheritance.memory;
  const bell = (): void => {
    inheritance.ring();
  };
  const kernel = createCarrierKernel(run, { words, parking, carrier, spins: MUTEX_SPINS, bell });
  const { k } = kernel;
  let calls: CallHost | undefined;
  const call = (task: number): void => {
    calls ??= createCallHost(callOptions(k, run, inheritance));
    calls.begin({ task, ticket: int(k.words[int(k.layout.waitAt[task]) + WAIT.ticket]) });
  };
  const { machine, forced } = createForcedMachine(kernel, run, inheritance.process, {
    pidOf: () => process.pid,
    carrier,
    isVirtual: false,
    env: process.env,
    call,
  });
  runCarrier(machine, {
    process: inheritance.process,
    slice: drawSlice,
    spins: SPINS,
    mayGoOn: inheritance.isParentAlive,
    forced,
  });
  return inheritance.exit(0);
}

/** This thread never comes back to its event loop: it hears nothing of the threads that it starts. */
function callOptions(k: Kernel, run: RunContext, { memory, library }: Inheritance): CallHostOptions {
  const excluded = (deed: () => void): void => {
    if (!k.enter()) return;
    try {
      deed();
    } catch (error) {
      if (!(error instanceof Exhausted)) throw error;
      k.runOut(error, 0, -1);
      return;
    }
    k.leave();
  };
  return {
    ...{ k, run, excluded, entry: __filename, bellFd: INHERITED.bell, onBell: () => {} },
    environment: () => process.env,
    memory: { kind: 'mapped', fd: memory.fd, address: memory.address, bytes: memory.bytes, library },
    onFault: (cause) => {
      throw new MachineFault(cause);
    },
    refuse: (call, message) => excluded(() => refuseCall(k, call, { name: 'RuntimeError', message })),
  };
}
