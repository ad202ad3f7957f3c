/**
 * Small scenarios drawn from a seed in which tasks hand things to each other in many ways, and now and then touch a var: in
 * about half of them something always orders the accesses.
 */
import { createDraw, type Draw } from './random-scenario.ts';

const NAMES = ['one', 'two', 'three'];

const access: readonly ((draw: Draw) => string)[] = [
  () => 'set: { x: 1 }',
  () => 'print: "${{ x }}"',
  () => 'update: { x: x + 1 }',
  () => 'with: m, do: [ { set: { x: x + 1 } } ]',
  () => 'with: r, do: [ { with: r, do: [ { set: { x: 7 } } ] } ]',
  () => 'set: { "a[0]": 1 }',
  () => 'set: { "a[1]": 2 }',
  () => 'if: x > 1, then: [ { print: more } ]',
  () => 'atomic: [ { set: { x: x + 1 } }, { set: { y: y + 1 } } ]',
  () => 'set: { y: 2 }',
];

const passing: readonly ((draw: Draw) => string)[] = [
  () => 'put: q, item: 1',
  () => 'get: q, as: v',
  () => 'get: q, timeout: 30ms, as: v, onTimeout: [ { sleep: 1ms } ]',
  () => 'put: top, item: 1',
  () => 'get: top, as: v',
  (draw) => `put: first, item: 1, priority: ${draw(3)}`,
  () => 'get: first, as: v',
  () => 'signal: e',
  () => 'wait: e',
  () => 'wait: b, timeout: 40ms, onTimeout: [ { sleep: 1ms } ]',
  () => 'with: m, do: [ { print: in } ]',
  () => 'with: r, do: [ { print: in } ]',
  () => 'with: s, do: [ { print: in } ]',
  () => 'release: given',
  () => 'acquire: given',
  () => 'with: c, do: [ { notify: c } ]',
  () => 'with: c, do: [ { wait: c, timeout: 25ms, as: ok } ]',
  () => 'await: "y > 0", timeout: 60ms, as: ok',
  () => 'await: q.size > 0, timeout: 60ms, as: ok',
  () => 'update: { y: y + 1 }',
  () => 'send: p.left, item: 1',
  () => 'receive: p.right, as: v, timeout: 20ms, onTimeout: [ { sleep: 1ms } ]',
  () => 'if: e.set, then: [ { print: set } ]',
  () => 'acquire: m, timeout: 0s, as: ok }, { if: ok, then: [ { set: { x: 3 } }, { release: m } ]',
];

function drawStep(draw: Draw): string {
  const kinds = draw(5) < 2 ? access : passing;
  return `{ ${(kinds[draw(kinds.length)] as (typeof access)[number])(draw)} }`;
}

/** The scenario of that seed, as text. */
export function randomRaces(seed: number): string {
  const draw = createDraw(seed + 77_000);
  const tasks = NAMES.slice(0, 2 + draw(2)).map((name) => {
    const count = draw(5) === 0 ? 'count: 2, ' : '';
    const kind = draw(6) === 0 ? 'kind: process, ' : '';
    const needs = name === 'two' && draw(4) === 0 ? 'needs: [ one ], ' : '';
    const steps = Array.from({ length: 1 + draw(4) }, () => drawStep(draw));
    return `  ${name}: { ${count}${kind}${needs}let: { v: 0, ok: true }, steps: [ ${steps.join(', ')} ] }`;
  });
  const ends = NAMES.slice(0, tasks.length).map(
    (name) => `${name}: [ finished, failed, terminated, skipped ]`,
  );
  const isShared = draw(3) !== 0;
  return `concur: 1
vars:
  x: { value: 0, shared: ${isShared} }
  y: { value: 0, shared: true }
  a: { count: 2, value: 0, shared: true }
locks: { m: { enabled: ${draw(8) !== 0} }, r: { kind: rlock } }
semaphores: { s: ${1 + draw(2)}, given: { permits: 0, bounded: false } }
queues: { q: ${draw(3)}, top: { kind: lifo }, first: { kind: priority } }
events: [ e ]
conditions: [ c ]
barriers: { b: 2 }
pipes: [ p ]
tasks:
${tasks.join('\n')}
expect:
  tasks: { ${ends.join(', ')} }
  races: never
  deadlock: possible
`;
}
