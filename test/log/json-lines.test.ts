import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../engine/expression/values/value.ts';
import type { Event, EventOf, EventType } from '../../engine/log/event.ts';
import { createLogWriter, parseLog } from '../../engine/log/json-lines.ts';
import { jsonFromValue, valueFromJson } from '../../engine/log/json-value.ts';
import { services } from '../../engine/plan/instruction.ts';
import { type OperationName, operations } from '../../engine/plan/operation.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { end, eventsOf, operate, planOf, print, start } from '../report/events.ts';

const anyText = fc.string({ unit: 'binary' });
const anyNumber = fc.integer({ min: -1, max: 2 ** 31 });
const anyTime = fc.integer({ min: 0, max: 2 ** 45 });

/** Keys that look like the encoding's own are as likely as others. */
const anyKey = fc.oneof(fc.constantFrom('$int', '$double', '$map', '__proto__', 'a'), anyText);

const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.double(),
    fc.constantFrom(1, -0, Number.POSITIVE_INFINITY, Number.NaN, 2 ** 53),
    anyText,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(anyKey, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

const anyOperation = fc.constantFrom(...(Object.keys(operations) as OperationName[]));
const anyError = fc.record({ name: anyText, message: anyText });

type Own<T extends EventType> = Omit<EventOf<T>, 'seq' | 'at' | 'task' | 'step' | 'last' | 'type'>;

/** The fields of each type of event: a new one breaks the type check here. */
const anyFields: { readonly [T in EventType]: fc.Arbitrary<Own<T>> } = {
  started: fc.record({ target: anyNumber, process: anyNumber, daemon: fc.boolean() }),
  began: fc.record({ pid: anyNumber, carrier: anyNumber }),
  ended: fc.record({
    target: anyNumber,
    state: fc.constantFrom('finished', 'failed', 'terminated', 'skipped'),
    cause: fc.constantFrom('daemon', 'terminate', 'kill', 'timeout', 'interrupt', 'deadlock', 'exit', null),
    error: fc.option(anyError),
    exitCode: fc.integer(),
  }),
  waiting: fc.record({
    operation: fc.oneof(anyOperation, fc.constantFrom('await', 'end')),
    target: anyNumber,
    timed: fc.boolean(),
    amount: anyNumber,
  }),
  timedOut: fc.record({ operation: fc.oneof(anyOperation, fc.constant('await')), target: anyNumber }),
  operated: fc.record({ operation: anyOperation, target: anyNumber, amount: anyNumber, value: anyValue }),
  printed: fc.record({ text: anyText }),
  asked: fc.record({ service: fc.constantFrom(...services), timed: fc.boolean() }),
  answered: fc.record({ service: fc.constantFrom(...services), ok: fc.boolean(), answer: anyValue }),
  sleeping: fc.record({ untilUs: anyTime }),
  woke: fc.constant({}),
  read: fc.record({
    process: anyNumber,
    variable: anyNumber,
    values: fc.option(fc.array(anyValue, { maxLength: 3 })),
  }),
  wrote: fc.record({ process: anyNumber, variable: anyNumber, cell: anyNumber, value: anyValue }),
  passed: fc.constant({}),
  entered: fc.record({ point: anyNumber }),
  left: fc.record({ point: anyNumber }),
  raised: fc.record({ error: anyError, caught: fc.boolean() }),
  stopping: fc.record({
    target: anyNumber,
    cause: fc.constantFrom('daemon', 'terminate', 'kill', 'timeout', 'interrupt', 'deadlock', 'exit', null),
    untilUs: anyTime,
  }),
  stopped: fc.record({
    reason: fc.constantFrom('timeout', 'interrupt', 'deadlock', 'failFast', 'inconclusive'),
  }),
  refused: fc.record({ operation: anyOperation, target: anyNumber }),
  spurious: fc.record({ operation: anyOperation, target: anyNumber }),
};

const anyEvent: fc.Arbitrary<Event> = fc
  .constantFrom(...(Object.keys(anyFields) as EventType[]))
  .chain((type) =>
    fc
      .tuple(
        fc.record({ seq: anyNumber, at: anyTime, task: anyNumber, step: anyNumber, last: fc.boolean() }),
        anyFields[type] as fc.Arbitrary<object>,
      )
      .map(([base, own]) => ({ ...base, ...own, type }) as Event),
  );

const plan = planOf({
  tasks: { visitor: 2 },
  resources: [{ name: 'stall' }],
  variables: [{ name: 'n', array: false }],
  steps: ['acquire: stall'],
});

function written(events: readonly Event[], of: Plan = plan): string {
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  const writer = createLogWriter(of, { mode: 'virtual', lineOf: () => 9, write });
  for (const event of events) writer.handle(event);
  writer.end();
  return text;
}

describe('a value as JSON', () => {
  it('reads back as the same value, whatever it is', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(valueFromJson(JSON.parse(JSON.stringify(jsonFromValue(value))))).toStrictEqual(value);
      }),
    );
  });

  it.each([
    [13n, '13'],
    [-(2n ** 53n), '{"$int":"-9007199254740992"}'],
    [0.5, '0.5'],
    [1, '{"$double":"1"}'],
    [Number.NaN, '{"$double":"NaN"}'],
    ['x', '"x"'],
    [{ a: [1n, null] }, '{"a":[1,null]}'],
    [{ $int: 'x' }, '{"$map":{"$int":"x"}}'],
  ] as const)('%o is written %s', (value, json) => {
    expect(JSON.stringify(jsonFromValue(value))).toBe(json);
  });

  it.each([
    undefined,
    { $int: '1.5' },
    { $int: 5 },
    { $double: 'one' },
    { $map: 5 },
    [{ $int: '' }],
    { a: { $int: 'x' } },
  ])('%j is none', (json) => {
    expect(valueFromJson(json)).toBeUndefined();
  });
});

describe('a log', () => {
  it('reads back as the same events, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 20 }), (events) => {
        expect(parseLog(written(events))).toMatchObject({ header: { concurLog: 2, name: 'toilet' } });
        expect(parseLog(written(events))).toHaveProperty('events', events);
      }),
    );
  });

  it('says what was run', () => {
    const params = { visitors: 13n, huge: 2n ** 62n, rate: 1 };
    const log = parseLog(written([], { ...plan, caseName: 'five', params }));
    expect(log).toEqual({
      header: {
        concurLog: 2,
        concur: null,
        name: 'toilet',
        file: 'toilet.yaml',
        caseName: 'five',
        params,
        seed: 42,
        mode: 'virtual',
        tasks: [
          { name: 'main', kind: 'thread', group: 'main' },
          { name: 'visitor[0]', kind: 'thread', group: 'visitor' },
          { name: 'visitor[1]', kind: 'thread', group: 'visitor' },
        ],
        resources: [{ name: 'stall', kind: 'semaphore' }],
        variables: [{ name: 'n', shared: false, initial: [0n] }],
        points: [],
        steps: [{ text: 'acquire: stall', line: 9 }],
      },
      events: [],
    });
  });

  it('has names beside the numbers', () => {
    const events = eventsOf(plan, [
      [1, 'main', start(plan, 'visitor[1]')],
      [2, 'visitor[1]', { ...operate('semaphore.acquire', 0), step: 0 }],
      [2, 'visitor[1]', operate('task.join', 1)],
      [3, 'visitor[1]', { type: 'wrote', process: 0, variable: 0, cell: 0, value: 2n ** 60n }],
      [4, 'visitor[1]', end(plan, 'visitor[1]')],
    ]);
    const lines = written(events)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.slice(1)).toMatchObject([
      { type: 'started', taskName: 'main', targetName: 'visitor[1]' },
      { type: 'operated', taskName: 'visitor[1]', targetName: 'stall', line: 9 },
      { type: 'operated', targetName: 'visitor[0]' },
      { type: 'wrote', variableName: 'n', value: { $int: '1152921504606846976' } },
      { type: 'ended', targetName: 'visitor[1]' },
    ]);
    expect(lines[1]).not.toHaveProperty('line');
  });

  it('keeps one line an event, whatever is printed', () => {
    const text = written(eventsOf(plan, [[0, 'main', print('a\nb\u2028c\r\u001b')]]));
    expect(text.split('\n')).toHaveLength(3);
  });

  it('is written in pieces, and all of it', () => {
    const pieces: string[] = [];
    const writer = createLogWriter(plan, {
      mode: 'real',
      lineOf: () => undefined,
      write: (text) => pieces.push(text),
    });
    const events = eventsOf(
      plan,
      Array.from({ length: 2000 }, () => [0, 'main', print('x'.repeat(100))] as const),
    );
    for (const event of events) writer.handle(event);
    writer.end();
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.length).toBeLessThan(10);
    expect(parseLog(pieces.join(''))).toMatchObject({ events });
  });

  it('that an interrupted run left is still one', () => {
    const events = eventsOf(plan, [
      [0, 'main', print('a')],
      [1, 'main', print('b')],
    ]);
    const text = written(events).split('\n').slice(0, 2).join('\n');
    expect(parseLog(text)).toHaveProperty('events', events.slice(0, 1));
  });

  it.each([
    ['', 1, 'this is no JSON'],
    ['{"name":"x"}', 1, 'this is no log of concur: its first line has no "concurLog"'],
    ['{"concurLog":1}', 1, 'this log has version 1; this concur reads version 2'],
    ['{"concurLog":2}', 1, '"concur" is missing or wrong'],
    ['[]', 1, 'this is no JSON object'],
  ])('%j is none', (text, line, problem) => {
    expect(parseLog(text)).toEqual({ line, problem });
  });

  it.each([
    ['{"seq":0', 'this is no JSON'],
    ['{"type":"melted"}', 'there is no event "melted"'],
    ['{"type":"toString"}', 'there is no event "toString"'],
    [
      '{"type":"printed","seq":0,"at":0,"task":0,"step":0,"last":true,"text":5}',
      '"text" is missing or wrong',
    ],
    ['{"type":"woke","seq":0.5,"at":0,"task":0,"step":0,"last":true}', '"seq" is missing or wrong'],
  ])('with the line %j is none', (line, problem) => {
    expect(parseLog(`${written([])}${line}\n`)).toEqual({ line: 2, problem });
  });
});
