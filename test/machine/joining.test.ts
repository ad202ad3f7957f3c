/** Joining several with a timeout: one limit for the step, as its text says. */
import { expect, test } from 'vitest';
import { loadScenario, run } from '../../engine/index.ts';

async function printed(main: string): Promise<readonly string[]> {
  const text = `
concur: 1
main:
  - start: [slow, other]
${main}
tasks:
  slow: { count: 3, steps: [ { sleep: "\${{ (task.index + 1) * 3 }}s" } ] }
  other: { steps: [ { sleep: 1h } ] }
`;
  const { plan, diagnostics } = await loadScenario({ file: 'test.yaml', text }, { seed: 1 });
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const lines: string[] = [];
  await run(plan, {
    mode: 'virtual',
    handle: (event) => void (event.type === 'printed' && lines.push(event.text)),
  });
  return lines;
}

test.each([
  ['join: slow, timeout: 4s, as: over', ['false 4']],
  ['join: slow, timeout: 9500ms, as: over', ['true 9']],
  ['join: ["slow[0]", "slow[1]", other], timeout: 7s, as: over', ['false 7']],
])('{ %s }', async (join, lines) => {
  expect(await printed(`  - { ${join} }\n  - print: \${{ over }} \${{ int(now) }}`)).toEqual(lines);
});

test('a step that is done again has its time again', async () => {
  const main = `
  - repeat: 2
    do:
      - join: [ "slow[0]", "slow[2]" ]
        timeout: 5s
        onTimeout: [ print: "late \${{ int(now) }}" ]
  - print: joined \${{ int(now) }}`;
  expect(await printed(main)).toEqual(['late 5', 'joined 9']);
});
