/** A log is read with nothing but the log: its header says what the numbers stand for, and `docs/log.md` what the fields are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createLogWriter, loadScenario, parseLog, run } from '../../engine/index.ts';
import { eventFields } from '../../engine/log/json-fields.ts';
import { headerFields } from '../../engine/log/log-header.ts';

const scenario = `concur: 1
name: shop
locks: [till]
queues: { line: { capacity: 1 } }
vars: { sold: 0, log: [1, two] }
tasks:
  buyer:
    count: 2
    steps:
      - id: buys
        with: till
        do:
          - set: { sold: sold + 1 }
      - put: line
        item: one
  clerk:
    kind: process
    steps:
      - repeat: 2
        do:
          - get: line
`;

/** As a program sees it that knows nothing but JSON. */
type Line = Readonly<Record<string, unknown>>;

describe('a log alone', () => {
  let header: Line = {};
  let events: readonly Line[] = [];

  beforeAll(async () => {
    const source = { file: 'shop.yaml', text: scenario };
    const { plan, diagnostics } = await loadScenario(source, { seed: 1 });
    if (plan === undefined) throw new Error(JSON.stringify(diagnostics));
    let text = '';
    const write = (more: string): void => {
      text += more;
    };
    const lineOf = ({ span }: { readonly span: { readonly start: number } }) =>
      scenario.slice(0, span.start).split('\n').length;
    const log = createLogWriter(plan, { mode: 'virtual', concur: '1.2.3', lineOf, write });
    await run(plan, { mode: 'virtual', handle: log.handle });
    log.end();
    [header = {}, ...events] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  });

  it('says which concur wrote it, and in which format', () => {
    expect(header).toMatchObject({ concurLog: 2, concur: '1.2.3', mode: 'virtual', seed: 1 });
  });

  /** What the header has in that list under that number. */
  const named = (list: string, number: unknown): Line => linesOf(list)[Number(number)] ?? {};
  const linesOf = (list: string): readonly Line[] => header[list] as readonly Line[];

  it('has each task, resource, var, point and step at the place of its number', () => {
    expect(linesOf('tasks')).toEqual([
      { name: 'main', kind: 'process', group: 'main' },
      { name: 'buyer[0]', kind: 'thread', group: 'buyer' },
      { name: 'buyer[1]', kind: 'thread', group: 'buyer' },
      { name: 'clerk', kind: 'process', group: 'clerk' },
    ]);
    expect(linesOf('resources')).toEqual([
      { name: 'till', kind: 'lock' },
      { name: 'line', kind: 'queue' },
    ]);
    expect(linesOf('variables')).toEqual([
      { name: 'sold', shared: false, initial: [0] },
      { name: 'log', shared: false, initial: [[1, 'two']] },
    ]);
    expect(linesOf('points')).toMatchObject([{ name: 'buys' }]);
    expect(linesOf('steps').find(({ line }) => line === 13)?.['text']).toMatch(/^set/);
    for (const { task, taskName, step, line } of events) {
      expect(named('tasks', task)).toMatchObject({ name: taskName });
      if (line !== undefined) expect(named('steps', step)).toMatchObject({ line });
    }
  });

  it('tells who did what, from the lines alone', () => {
    const told = events.flatMap(({ type, task, operation, target, variable, value }) => {
      const who = named('tasks', task)['name'];
      if (type === 'wrote') return [`${who}: ${named('variables', variable)['name']} = ${value}`];
      const isOfResource = type === 'operated' && !String(operation).startsWith('task.');
      return isOfResource ? [`${who}: ${operation} ${named('resources', target)['name']}`] : [];
    });
    expect(told.filter((line) => line.includes('till'))).toHaveLength(4);
    expect(told).toContain('buyer[1]: queue.put line');
    expect(told.filter((line) => line.includes('sold ='))).toHaveLength(2);
  });
});

describe('a log with values', () => {
  const text = `concur: 1
name: counted
vars: { n: 1, two: { value: [a], count: 2 }, all: { value: 7, shared: true } }
tasks:
  child:
    kind: process
    steps:
      - set: { n: n + 1 }
      - print: \${{ n }} \${{ two }} \${{ all }}
main:
  - set: { n: n + 1, all: { a: 1.0 } }
  - start: child
  - join: child
  - print: \${{ n }}
`;

  it.each(['virtual', 'real'] as const)('says what reads saw (%s)', async (mode) => {
    const source = { file: 'counted.yaml', text };
    const { plan, diagnostics } = await loadScenario(source, { seed: 1 });
    if (plan === undefined) throw new Error(JSON.stringify(diagnostics));
    const reads: string[] = [];
    const read = async (logValues: boolean): Promise<void> => {
      let lines = '';
      const write = (more: string): void => {
        lines += more;
      };
      const log = createLogWriter(plan, { mode, write });
      const { violation } = await run(plan, { mode, handle: log.handle, logValues });
      log.end();
      expect(violation).toBeNull();
      const parsed = parseLog(lines);
      if (!('events' in parsed)) throw new Error(parsed.problem);
      for (const line of lines.split('\n').filter((one) => one.includes('"type":"read"'))) {
        const { taskName, variableName, values } = JSON.parse(line);
        reads.push(`${taskName} ${variableName} ${JSON.stringify(values)}`);
      }
    };
    await read(true);
    expect(reads).toEqual([
      'main n [1]',
      'child n [2]',
      'child n [3]',
      'child two [["a"],["a"]]',
      'child all [{"a":{"$double":"1"}}]',
      'main n [2]',
    ]);
    reads.length = 0;
    await read(false);
    expect(reads.every((one) => one.endsWith(' undefined'))).toBe(true);
    expect(reads).toHaveLength(6);
  });
});

describe('docs/log.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/log.md'), 'utf8');

  it.each(Object.keys(headerFields))('describes the field `%s` of the header', (name) => {
    expect(page).toMatch(new RegExp(`^\\| \`${name}\` \\|`, 'm'));
  });

  it.each(Object.entries(eventFields))('describes `%s` with all its fields', (type, fields) => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${type}\` |`)) ?? '';
    for (const name of Object.keys(fields)) expect(row).toContain(`\`${name}\``);
    expect(row).not.toBe('');
  });
});
