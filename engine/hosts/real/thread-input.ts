/**
 * What the supervisor and a carrier in a worker thread say to each other.
 */
import type { MessagePort } from 'node:worker_threads';
import type { MemoryHandle } from '../memory/shared-memory.ts';
import type { PackedRun } from './packed-run.ts';

/** What a worker is given. */
export type ThreadCarrierInput = {
  readonly run: PackedRun;
  readonly memory: MemoryHandle;
  readonly carrier: number;
  readonly bell: MessagePort;
};

/** What it tells over its bell: that there is something to look after, and that one more carrier would be of use. */
export const BELL = { ring: 0, another: 1 } as const;
