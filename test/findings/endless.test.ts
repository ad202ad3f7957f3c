/**
 * Tasks that go on for ever, from some moment on, in some interleavings of a scenario that comes to its end in others: no
 * check may pass that, and no replay of a way may go on with them.
 */
import { describe, expect, test } from 'vitest';
import { createStream } from '../../engine/machine/random.ts';
import { checked } from '../explore/checked.ts';

/** The second task goes on for ever if its last look was before the first one's last write. */
const polite = `
concur: 1
vars: { a: true, x: 0 }
tasks:
  one: { steps: [ { set: { x: 1 } }, { set: { a: false } } ] }
  two: { steps: [ { while: "a || x == 2", do: [ { set: { x: 2 } } ] } ] }
`;

const endOf = async (text: string) => {
  const { verdict, violation, counterexample } = await checked(text);
  expect(violation).toBeNull();
  const [end] = verdict.judgements.filter(({ name }) => name === 'end');
  return { outcome: verdict.outcome, end: end?.result, events: counterexample?.events ?? [] };
};

describe('a state from which no end can be reached', () => {
  test('fails, with the way to it', async () => {
    const { outcome, end, events } = await endOf(polite);
    expect({ outcome, end }).toEqual({ outcome: 'failed', end: 'failed' });
    expect(events.filter(({ type }) => type === 'wrote').length).toBeGreaterThanOrEqual(2);
  });

  test('fails beside deadlocks that are expected', async () => {
    const { outcome, end } = await endOf(`${polite}
  three: { steps: [ { await: x == 7 } ] }
expect: { deadlock: certain }
`);
    expect({ outcome, end }).toEqual({ outcome: 'failed', end: 'failed' });
  });

  test('is none where the loop can always be left', async () => {
    const { outcome, end } = await endOf(polite.replace('a || x == 2', 'a'));
    expect({ outcome, end }).toEqual({ outcome: 'passed', end: undefined });
  });

  test('is what the scenario is like where nothing ever ends', async () => {
    const { outcome, end } = await endOf(polite.replace('a || x == 2', 'true'));
    expect({ outcome, end }).toEqual({ outcome: 'passed', end: undefined });
  });

  test('keeps no replay of what is broken going', async () => {
    const { outcome } = await endOf(`${polite.replace('a || x == 2', 'true')}
expect: { always: [ x < 2 ] }
`);
    expect(outcome).toBe('failed');
  }, 60_000);
});

/** The last node has no edges: there the walk ends. */
type Graph = readonly (readonly number[])[];

const NODES = 9;

function drawGraph(chance: () => number): Graph {
  const whole = (most: number): number => Math.floor(chance() * most);
  return Array.from({ length: NODES }, (_, node) =>
    node === NODES - 1 ? [] : Array.from({ length: 1 + whole(2) }, () => whole(NODES)),
  );
}

function reach(graph: Graph, from: number): ReadonlySet<number> {
  const seen = new Set([from]);
  for (const node of seen) for (const next of graph[node] as readonly number[]) seen.add(next);
  return seen;
}

const walk = (graph: Graph): string => `
concur: 1
vars: { n: 0 }
main:
  - let: { next: 0 }
  - while: n != ${NODES - 1}
    do:
      - choose: "${JSON.stringify(graph)}[n]"
        as: next
      - set: { n: next }
`;

test.each([...Array(40).keys()])('is found in graph %i if it is there', async (seed) => {
  const graph = drawGraph(createStream(seed));
  const nodes = [...reach(graph, 0)];
  const ends = nodes.includes(NODES - 1);
  const isLost = nodes.some((node) => !reach(graph, node).has(NODES - 1));
  const { exploration, violation, verdict } = await checked(walk(graph));
  expect(violation).toBeNull();
  expect(exploration.endless !== null).toBe(isLost);
  expect(verdict.outcome).toBe(ends && isLost ? 'failed' : 'passed');
});
