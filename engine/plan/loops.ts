/**
 * The loops of a program, as the machine goes through them: where each begins, what belongs to it, and where its rounds end.
 */
import { landing, successorsOf } from './control-flow.ts';
import type { Program } from './instruction.ts';

export type Graph = {
  /** By instruction, where it may go on without raising. */
  readonly successors: readonly (readonly number[])[];
  /** By instruction, where its errors are handled; -1 where they end the task. */
  readonly handlers: Int32Array;
};

export type Loop = {
  readonly head: number;
  readonly body: ReadonlySet<number>;
  /** The instructions behind which a round is over. */
  readonly ends: readonly number[];
};

export function graphOf({ instructions, handlers }: Program): Graph {
  const targets = new Int32Array(instructions.length).fill(-1);
  // The innermost handler stands first.
  for (const { from, to, target, isLast } of handlers.toReversed())
    if (isLast !== true) targets.fill(target, from, to);
  const successors = instructions.map((instruction, at) =>
    successorsOf(instruction, at).map((to) =>
      instruction.op !== 'jump' && to === at + 1 ? landing(instructions, to) : to,
    ),
  );
  return { successors, handlers: targets };
}

/** Outer loops and inner ones; none that the program never comes to. */
export function loopsOf(graph: Graph): readonly Loop[] {
  const ends = endsByHead(graph);
  if (ends.size === 0) return [];
  const predecessors = predecessorsIn(graph);
  return [...ends].map(([head, latches]) => ({
    head,
    ends: latches,
    body: bodyOf(head, latches, predecessors),
  }));
}

function edgesFrom({ successors, handlers }: Graph, at: number): readonly number[] {
  const target = handlers[at] as number;
  const flow = successors[at] ?? [];
  return target < 0 ? flow : [...flow, target];
}

/** Edges back to an instruction on the way to this one, found by a walk in depth. */
function endsByHead(graph: Graph): Map<number, number[]> {
  const ends = new Map<number, number[]>();
  const state = new Uint8Array(graph.successors.length);
  const path: { readonly at: number; readonly edges: readonly number[]; next: number }[] = [];
  const enter = (at: number): void => {
    state[at] = ON_PATH;
    path.push({ at, edges: edgesFrom(graph, at), next: 0 });
  };
  if (state.length > 0) enter(0);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const to = top.edges[top.next++];
    if (to === undefined) {
      state[top.at] = DONE;
      path.pop();
    } else if (state[to] === ON_PATH) ends.set(to, [...(ends.get(to) ?? []), top.at]);
    else if (state[to] === 0) enter(to);
  }
  return ends;
}

const ON_PATH = 1;
const DONE = 2;

function predecessorsIn(graph: Graph): readonly (readonly number[])[] {
  const predecessors: number[][] = graph.successors.map(() => []);
  for (let at = 0; at < predecessors.length; at++)
    for (const to of edgesFrom(graph, at)) predecessors[to]?.push(at);
  return predecessors;
}

function bodyOf(
  head: number,
  ends: readonly number[],
  predecessors: readonly (readonly number[])[],
): ReadonlySet<number> {
  const body = new Set([head]);
  const open = [...ends];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (body.has(at)) continue;
    body.add(at);
    open.push(...(predecessors[at] ?? []));
  }
  return body;
}
