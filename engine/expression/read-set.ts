/**
 * The reads of an expression while it is being found out: one for each name, with all attributes that are used.
 */
import type { Read } from './expression.ts';

export type ReadSet = {
  /** Adds a read, or its attributes to one of that name that is there already. */
  add(read: Read): void;
  list(): readonly Read[];
};

export function createReadSet(): ReadSet {
  const reads = new Map<string, Read>();
  return {
    add(read) {
      const known = reads.get(read.name);
      reads.set(read.name, known === undefined ? read : merged(known, read));
    },
    list: () => [...reads.values()],
  };
}

function merged(known: Read, read: Read): Read {
  if (!('attributes' in known) || !('attributes' in read)) return read;
  return { ...read, attributes: [...new Set([...known.attributes, ...read.attributes])] } as Read;
}

/** All reads of several expressions that become one. */
export function mergeReads(lists: readonly (readonly Read[])[]): readonly Read[] {
  const set = createReadSet();
  for (const list of lists) for (const read of list) set.add(read);
  return set.list();
}
