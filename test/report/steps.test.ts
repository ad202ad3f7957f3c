/**
 * A run moment by moment: forward and back it is the same, and what is shown of it fits the screen.
 */
import { expect, it } from 'vitest';
import { replayLog } from '../../engine/index.ts';
import { helpLines, screenLines, shares, stepsText } from '../../engine/report/step/step-text.ts';
import { stepsOf } from '../../engine/report/step/steps.ts';
import { cellWidth } from '../../engine/report/text/cell-width.ts';
import { createPalette } from '../../engine/report/text/palette.ts';
import { createPlaces } from '../../engine/report/text/places.ts';
import { planOf } from '../explore/checked.ts';
import { logged } from '../replay/logged.ts';

const text = `concur: 1
vars: { n: 0, said: { value: "\\e[2J", shared: true } }
semaphores: { stall: 2 }
queues: { q: 2 }
locks: [ other ]
tasks:
  visitor:
    kind: process
    count: 5
    steps:
      - with: stall
        do:
          - put: q
            item: task.index
          - set: { n: n + 1 }
          - sleep: 1s
          - get: q
          - print: "\\e[2J \${{ task.name }}"
`;

const palette = createPalette(false);

async function walked() {
  const plan = await planOf(text);
  const { log } = await logged(plan);
  const { result } = await replayLog(plan, log);
  if ('misfit' in result) throw new Error(result.misfit);
  const steps = stepsOf(plan, result.events, result.scheduled);
  const look = (columns: number) => ({
    palette,
    places: createPlaces({ file: 'test.yaml', text }, { palette, columns }),
  });
  return { steps, look };
}

it('goes back to what it was', async () => {
  const { steps } = await walked();
  const there = Array.from({ length: steps.count + 1 }, (_, number) => steps.at(number));
  const back = there.map((_, index) => steps.at(steps.count - index)).toReversed();
  expect(back).toEqual(there);
});

it('begins with nothing done, and ends with all tasks ended', async () => {
  const { steps } = await walked();
  const [first, last] = [steps.at(0), steps.at(steps.count)];
  expect(first.state.tasks.map((row) => row.text)).toEqual(Array(5).fill('not started'));
  expect(last.state.tasks.map((row) => row.text)).toEqual(Array(5).fill('finished'));
  expect(first.did).toBeNull();
});

it('shows who has what, who waits for it, and copies of vars', async () => {
  const { steps, look } = await walked();
  const all = [...stepsText(steps, look(100))].join('');
  expect(all).toMatch(
    / {2}`stall` +permits: 2, free: 0 · held by visitor\[\d\], visitor\[\d\] · awaited by visitor/,
  );
  expect(all).toMatch(/ {2}n +0 · visitor\[\d\]: 1/);
  expect(all).toMatch(
    /step \d+ of \d+ · .* · visitor\[\d\] took `stall` \(test\.yaml:11\)\n {2}visitor\[\d\] +holds `stall`/,
  );
  expect(all).not.toMatch(/[^\P{Cc}\n]/u);
});

it.each([
  [80, 24],
  [200, 60],
  [30, 12],
  [10, 4],
  [1, 1],
])('fits a screen of %d × %d', async (columns, rows) => {
  const { steps, look } = await walked();
  for (let number = 0; number <= steps.count; number++) {
    const lines = screenLines(steps.at(number), look(columns), { columns, rows });
    expect(lines.length).toBeLessThanOrEqual(rows);
    const frame = lines.slice(3, 5);
    // The lines of the scenario have a number before them, however narrow it is.
    for (const line of lines) if (!frame.includes(line)) expect(cellWidth(line)).toBeLessThanOrEqual(columns);
  }
  for (const line of helpLines({ columns, rows }, look(columns)).slice(1))
    expect(cellWidth(line)).toBeLessThanOrEqual(columns);
});

it('keeps the place of each thing from one step to the next', async () => {
  const { steps, look } = await walked();
  const titles = Array.from({ length: steps.count + 1 }, (_, number) => {
    const lines = screenLines(steps.at(number), look(80), { columns: 80, rows: 24 });
    return ['tasks', 'what they share', 'vars'].map((title) => lines.indexOf(title));
  });
  expect(new Set(titles.map((places) => places.join())).size).toBe(1);
});

it.each([
  [[3, 3, 3], 9, [3, 3, 3]],
  [[9, 1, 1], 6, [4, 1, 1]],
  [[9, 9], 5, [3, 2]],
  [[2], 0, [0]],
])('%j share %d lines as %j', (needs, room, given) => {
  expect(shares(needs, room)).toEqual(given);
});
