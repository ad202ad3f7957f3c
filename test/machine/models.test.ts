import { describe, expect, test } from 'vitest';
import { type Event, loadScenario, run } from '../../engine/index.ts';

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

describe('what a model says that its command writes', () => {
  test('is printed by its task, when its time is over', async () => {
    const { events, verdict } = await story(`
concur: 1
main:
  - run: noisy
    model: { takes: 2s, result: { stdout: "one\\r\\ntwo\\n\\nlast", stderr: "oops\\n" } }
expect: { output: { equals: [ oops, one, two, "", last ] } }
`);
    expect(verdict.outcome).toBe('passed');
    expect(events.flatMap((event) => (event.type === 'printed' ? [event.at] : []))).toEqual(
      Array(5).fill(2e6),
    );
  });

  test('goes into the queue of `into` line by line, as fast as it is taken', async () => {
    const { verdict, printed } = await story(`
concur: 1
queues: { lines: 2 }
vars: { n: 6 }
tasks:
  writer:
    steps:
      - repeat: 2
        do:
          - run: list
            into: lines
            as: result
            model: { takes: 1s, result: { stdout: "\${{ range(n).map(i, string(i)).join('\\\\n') }}\\n", stderr: done } }
          - print: \${{ now }} \${{ result.code }} \${{ lines.size }}
      - close: lines
  reader:
    steps:
      - for: line
        from: lines
        do:
          - print: \${{ line }}
          - sleep: 1s
expect: { peak: { lines: 2 } }
`);
    expect(verdict.outcome, verdict.summary).toBe('passed');
    expect(printed.filter((line) => /^\d$/.test(line))).toEqual([...'012345012345']);
    // Six lines at a second each, of which three are taken or have room at once; then a second for the next.
    expect(printed.filter((line) => line.endsWith(' 2'))).toEqual(['4.0 0 2', '10.0 0 2']);
    expect(printed.filter((line) => line === 'done')).toHaveLength(2);
  });

  test('waits for room until the time of the step is over, or the queue is closed', async () => {
    const { verdict, printed } = await story(`
concur: 1
queues: { full: 1, closed: 1 }
main:
  - run: list
    into: full
    timeout: 5s
    onTimeout: [ print: "late \${{ now }}" ]
    model: { takes: 1s, result: { stdout: "1\\n2" } }
  - get: full
  - run: list
    into: full
    timeout: 5s
    model: { takes: 1s, result: { stdout: "3" } }
  - start: closes
  - run: list
    into: closed
    model: { result: { stdout: "1\\n2", code: 5 } }
    raises: ShutDown
  - print: shut \${{ now }} \${{ full.size }}
  - get: full
  - run: list
    into: full
    model: { result: { stdout: "1", code: 5 } }
    raises: CalledProcessError
tasks: { closes: { steps: [ { sleep: 2s }, { close: closed } ] } }
`);
    expect(verdict.outcome, verdict.summary).toBe('passed');
    expect(printed).toEqual(['late 5.0', 'shut 8.0 1']);
  });

  test('is a deadlock where nobody takes it', async () => {
    const { verdict } = await story(`
concur: 1
queues: { lines: 1 }
tasks:
  writer: { steps: [ { run: list, into: lines, model: { takes: 1s, result: { stdout: "1\\n2" } } } ] }
`);
    expect(verdict.outcome).toBe('failed');
    expect(
      verdict.deadlock?.waiting.map(({ task, operation, resource }) => [task, operation, resource]),
    ).toEqual([['writer', 'queue.put', 'lines']]);
  });
});

async function story(text: string) {
  const { plan, diagnostics } = await loadScenario({ file: 'test.yaml', text }, { seed: 1 });
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const events: Event[] = [];
  const { verdict, violation } = await run(plan, {
    mode: 'virtual',
    handle: (event) => events.push({ ...event }),
  });
  expect(violation).toBeNull();
  return {
    events,
    verdict,
    printed: events.flatMap((event) => (event.type === 'printed' ? [event.text] : [])),
  };
}
