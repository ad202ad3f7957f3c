import { expect, test } from 'vitest';
import { loadScenario, run } from '../../engine/index.ts';

async function endOf(step: string): Promise<unknown> {
  const text = `concur: 1\ntasks:\n  a:\n    steps:\n      - ${step}\n      - print: \${{ r.code }}\n`;
  const { plan, diagnostics } = await loadScenario({ file: 'test.yaml', text }, { seed: 1 });
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const told: unknown[] = [];
  await run(plan, {
    mode: 'virtual',
    handle(event) {
      if (event.type === 'printed') told.push(event.text);
      if (event.type === 'ended' && event.target !== 0)
        told.push(event.state, ...(event.error === null ? [] : [event.error.name, event.error.message]));
    },
  });
  return told;
}

const model = (code: number) => `model: { takes: 1s, result: { code: ${code} } }, as: r`;

test.each([
  [`{ run: [prog, x], ${model(0)} }`, ['0', 'finished']],
  [`{ run: prog, codes: [0, 69], ${model(69)} }`, ['69', 'finished']],
  [
    `{ run: [prog, x], ${model(69)} }`,
    ['failed', 'CalledProcessError', "Command 'prog x' returned non-zero exit status 69."],
  ],
  [
    `{ run: prog, codes: [1], ${model(0)} }`,
    ['failed', 'CalledProcessError', "Command 'prog' returned non-zero exit status 0."],
  ],
])('the code of a model fails a step as that of a command: %s', async (step, told) => {
  expect(await endOf(step)).toEqual(told);
});
