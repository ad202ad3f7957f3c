/**
 * Small scenarios drawn from a seed, for reductions: what a reduction could lose. Locks that others release, permits by the
 * handful, lifo and priority queues that are closed, reads of how tasks and resources are, tasks started and joined by a
 * written main or by needs, and expectations on each state and on orders.
 */
type Draw = (count: number) => number;

function createDraw(seed: number): Draw {
  let state = (seed * 2246822519 + 777) >>> 0;
  return (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
}

const GROUPS = ['one', 'two', 'three'];

const simple: readonly ((draw: Draw) => string)[] = [
  (draw) => `set: { x: x + ${draw(2) + 1} }`,
  () => 'update: { y: y + 1 }',
  () => 'update: { x: y, y: x }',
  () => 'assert: x < 3',
  () => 'print: "${{ task.name }}"',
  (draw) => `acquire: s, permits: ${draw(2) + 1}`,
  (draw) => `release: s, permits: ${draw(2) + 1}`,
  () => 'acquire: b',
  () => 'release: b',
  () => 'acquire: n',
  () => 'release: n',
  () => 'acquire: n, timeout: 10ms, onTimeout: [ { update: { y: y + 3 } } ]',
  (draw) => `put: q, item: ${draw(3)}`,
  () => 'get: q, as: v',
  () => 'put: l, item: "${{ x }}"',
  () => 'get: l, as: v',
  (draw) => `put: p, item: ${draw(3)}, priority: ${draw(2)}`,
  () => 'get: p, as: v',
  () => 'close: q',
  (draw) => `await: "${GROUPS[draw(2)]}.finished > 0", timeout: 1s, as: ok`,
  (draw) => `if: "${GROUPS[draw(2)]}.running > 1", then: [ { update: { y: y + 10 } } ]`,
  () => 'if: "q.size == 0", then: [ { update: { x: x + 5 } } ]',
  () => 'if: "s.free == 0", then: [ { update: { x: x + 7 } } ]',
  () => 'if: "m.held", then: [ { update: { y: y + 100 } } ]',
  () => 'if: "n.waiting > 0", then: [ { update: { y: y + 1000 } } ]',
  () => 'sleep: 1s',
  (draw) => `acquire: s, permits: "\${{ v + ${draw(2) + 1} }}"`,
  () => 'acquire: g',
  () => 'acquire: g, timeout: 1s, as: ok',
  () => 'release: g',
  () => 'acquire: h, timeout: 1s, as: ok',
  () => 'acquire: h',
  (draw) => `acquire: k, permits: ${draw(2) + 1}`,
  () => 'if: "c.running > 0", then: [ { update: { x: x + 9 } } ]',
  (draw) => `join: ${GROUPS[draw(2)]}, timeout: 1s, as: ok`,
];

const nesting: readonly ((inner: string) => string)[] = [
  (inner) => `with: m, do: [ ${inner} ]`,
  (inner) => `with: r, do: [ { with: r, do: [ ${inner} ] } ]`,
  (inner) => `with: [ m, n ], do: [ ${inner} ]`,
  (inner) => `with: "f[task.index % 2]", do: [ ${inner} ]`,
  (inner) => `with: "f[x % 2]", do: [ ${inner} ]`,
  (inner) => `with: s, do: [ ${inner} ]`,
  (inner) => `repeat: 2, do: [ ${inner} ]`,
  (inner) => `try: [ ${inner} ], catch: { any: [ { update: { y: y + 50 } } ] }`,
  (inner) => `id: a, atomic: [ { update: { y: y + 1 } } ] }, ${inner}, { sleep: 1s`,
];

function drawStep(draw: Draw, depth: number): string {
  const pick = draw(simple.length + (depth > 0 ? 14 : 0));
  if (pick < simple.length) return `{ ${(simple[pick] as (typeof simple)[number])(draw)} }`;
  const wrap = nesting[draw(nesting.length)] as (typeof nesting)[number];
  return `{ ${wrap(drawStep(draw, depth - 1))} }`;
}

const claims: readonly string[] = [
  'always: [ x < 4 ]',
  'always: [ y < 3, "!(x == 2 && y == 1)" ]',
  'sometimes: [ "x == 1 && y == 1" ]',
  'sometimes: [ "s.free == 0", x == 2 ]',
  'peak: { q: "<= 1" }',
  'peak: { s: 2 }',
  'peak: { m: "<= 1" }',
  'always: [ c.running < 2 ]',
  'order: [ [ one, two ] ]',
  'overlap: { never: [ one, two ] }',
  'output: { inOrder: [ one, two ] }',
  'output: { count: { one: 1 } }',
];

/** The scenario of that seed, as text. */
export function randomExpectations(seed: number): string {
  const draw = createDraw(seed);
  const names = GROUPS.slice(0, 2 + draw(2));
  const isWritten = draw(4) === 0;
  const tasks = names.map((name, index) => {
    const count = draw(3) === 0 ? 'count: 2, ' : '';
    const kind = draw(6) === 0 ? 'kind: process, ' : '';
    const needs =
      !isWritten && index > 0 && draw(6) === 0 ? `needs: { ${names[index - 1]}: finished }, ` : '';
    const steps = Array.from({ length: 1 + draw(3) }, () => drawStep(draw, 1));
    const begun = index === 0 ? `{ id: c, do: [ { assert: x < 2 }, ${drawStep(draw, 0)} ] }, ` : '';
    return `  ${name}: { ${count}${kind}${needs}let: { v: 0, ok: true }, steps: [ ${begun}${steps.join(', ')} ] }`;
  });
  const moves = names.flatMap((name) => [
    `{ start: ${name} }`,
    ...(draw(2) === 0 ? [`{ join: ${name} }`] : []),
  ]);
  const main = isWritten ? `main: [ ${moves.join(', ')}, { update: { y: y + 500 } } ]\n` : '';
  const ends = names.map((name) => `${name}: [ finished, failed, terminated, skipped ]`);
  const chosen = Array.from({ length: draw(3) }, () => claims[draw(claims.length)] as string);
  const own = [...new Map(chosen.map((claim) => [claim.split(':')[0], claim])).values()];
  return `concur: 1
vars: { x: { value: 0, shared: ${draw(3) > 0} }, y: { value: 0, shared: true } }
locks: { m: {}, n: {}, r: rlock, f: { count: 2 }, g: { onHolderExit: release }, h: { onHolderExit: fail } }
semaphores: { s: { permits: 2, bounded: false }, b: { permits: 1 }, k: { permits: 2, onHolderExit: release } }
queues: { q: 1, l: { capacity: 2, kind: lifo }, p: { capacity: 2, kind: priority } }
${main}tasks:
${tasks.join('\n')}
expect:
${own.map((claim) => `  ${claim}\n`).join('')}  tasks: { ${ends.join(', ')} }
  outcome: "[ x, y ]"
  outcomes: [ { is: [ -1, -1 ], grade: allowed } ]
  others: allowed
`;
}
