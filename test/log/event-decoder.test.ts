/** Every type of event, as the kernel writes it and the decoder reads it: nothing is lost on the way. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recordStopping } from '../../engine/kernel/end.ts';
import { type Event, type EventType, endStates, stopReasons } from '../../engine/log/event.ts';
import { createEventDecoder } from '../../engine/log/event-decoder.ts';
import { Exhausted } from '../../engine/log/exhausted.ts';
import { causes, eventTypes, OPERATION, operationNames, RECORD } from '../../engine/log/record.ts';
import { services } from '../../engine/plan/instruction.ts';
import { type OperationName, operations } from '../../engine/plan/operation.ts';
import { createScene, type Scene } from '../kernel/scene.ts';
import { lock, makePlan } from '../plan-builder.ts';
import { anyText, anyValue, expectSame } from './arbitrary-value.ts';

type Own = { readonly type: EventType } & Record<string, unknown>;
/** What is written, and what must be read. */
type Case = { readonly write: (scene: Scene, task: number, step: number) => void; readonly own: Own };

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const count = fc.nat(1000);
const time = fc.integer({ min: 0, max: 2 ** 52 });
const shortText = anyText.filter((text) => text.length < 2000);
const error = fc.tuple(shortText, shortText).map(([name, message]) => ({ name, message }));
const operationName = fc.constantFrom(...(Object.keys(operations) as OperationName[]));

function numbers(type: EventType, fields: Record<string, number>): Case {
  return {
    write: ({ k }, task, step) => {
      const [a = 0, b = 0, c = 0] = Object.values(fields);
      k.record(RECORD[type], task, step, Object.keys(fields).length, a, b, c);
    },
    own: { type, ...fields },
  };
}

function bare(type: EventType): fc.Arbitrary<Case> {
  return fc.constant(numbers(type, {}));
}

const cases: { readonly [T in EventType]: fc.Arbitrary<Case> } = {
  started: fc.record({ target: count, process: count, daemon: fc.boolean() }).map((own) => ({
    write: ({ k }, task, step) =>
      k.record(RECORD.started, task, step, 3, own.target, own.process, own.daemon ? 1 : 0),
    own: { type: 'started', ...own },
  })),
  began: fc.record({ pid: count, carrier: count }).map((own) => numbers('began', own)),
  ended: fc
    .record({
      target: count,
      state: fc.constantFrom(...endStates),
      cause: fc.constantFrom(...causes),
      error: fc.option(error),
      exitCode: word,
    })
    .map((own) => ({
      write: ({ k }, task, step) =>
        k.recordTexts(
          RECORD.ended,
          task,
          step,
          [
            own.target,
            endStates.indexOf(own.state),
            causes.indexOf(own.cause),
            own.exitCode,
            own.error === null ? 0 : 1,
          ],
          own.error === null ? [] : [own.error.name, own.error.message],
        ),
      own: { type: 'ended', ...own },
    })),
  waiting: fc
    .record({
      operation: fc.constantFrom(...operationNames),
      target: word,
      timed: fc.boolean(),
      amount: word,
    })
    .map((own) => ({
      write: ({ k }, task, step) =>
        k.record(
          RECORD.waiting,
          task,
          step,
          4,
          OPERATION[own.operation],
          own.target,
          own.timed ? 1 : 0,
          own.amount,
        ),
      own: { type: 'waiting', ...own },
    })),
  timedOut: fc
    .record({ operation: fc.oneof(operationName, fc.constant('await' as const)), target: word })
    .map((own) => ({
      write: ({ k }, task, step) =>
        k.record(RECORD.timedOut, task, step, 2, OPERATION[own.operation], own.target),
      own: { type: 'timedOut', ...own },
    })),
  refused: fc.record({ operation: operationName, target: word }).map((own) => ({
    write: ({ k }, task, step) =>
      k.record(RECORD.refused, task, step, 2, OPERATION[own.operation], own.target),
    own: { type: 'refused', ...own },
  })),
  spurious: fc.record({ operation: operationName, target: word }).map((own) => ({
    write: ({ k }, task, step) =>
      k.record(RECORD.spurious, task, step, 2, OPERATION[own.operation], own.target),
    own: { type: 'spurious', ...own },
  })),
  operated: fc
    .record({ operation: operationName, target: count, amount: word, value: anyValue })
    .map((own) => ({
      write: ({ k }, task, step) => {
        k.amount = own.amount;
        const value = k.loggable(k.wordOf(own.value));
        k.recordOperated(task, step, OPERATION[own.operation], own.target, value);
      },
      own: { type: 'operated', ...own },
    })),
  printed: shortText.map((text) => ({
    write: ({ k }, task, step) => k.recordTexts(RECORD.printed, task, step, [], [text]),
    own: { type: 'printed', text },
  })),
  asked: fc.tuple(fc.nat(services.length - 1), fc.boolean()).map(([service, timed]) => ({
    write: ({ k }, task, step) => k.record(RECORD.asked, task, step, 2, service, timed ? 1 : 0),
    own: { type: 'asked', service: services[service]!, timed },
  })),
  answered: fc.tuple(fc.nat(services.length - 1), fc.boolean(), anyValue).map(([service, ok, answer]) => ({
    write: ({ k }, task, step) => k.recordAnswered(task, step, service, ok, k.loggable(k.wordOf(answer))),
    own: { type: 'answered', service: services[service]!, ok, answer },
  })),
  sleeping: time.map((untilUs) => ({
    write: ({ k }, task, step) => k.recordTime(RECORD.sleeping, task, step, untilUs),
    own: { type: 'sleeping', untilUs },
  })),
  woke: bare('woke'),
  read: fc
    .record({
      process: count,
      variable: count,
      values: fc.option(fc.array(anyValue, { minLength: 1, maxLength: 3 })),
    })
    .map((own) => ({
      write({ k }, task, step) {
        const { process, variable, values } = own;
        const held = values?.map((value) => k.loggable(k.wordOf(value)));
        if (held === undefined) k.record(RECORD.read, task, step, 3, process, variable, 0);
        else k.recordRead(task, step, process, variable, held);
      },
      own: { type: 'read', ...own },
    })),
  wrote: fc.record({ process: count, variable: count, cell: count, value: anyValue }).map((own) => ({
    write: ({ k }, task, step) => {
      const value = k.loggable(k.wordOf(own.value));
      const at = k.ring.beginWithValue(RECORD.wrote, task, step, 3, value);
      k.words.set([own.process, own.variable, own.cell], at);
    },
    own: { type: 'wrote', ...own },
  })),
  passed: bare('passed'),
  entered: count.map((point) => numbers('entered', { point })),
  left: count.map((point) => numbers('left', { point })),
  raised: fc.record({ error, caught: fc.boolean() }).map((own) => ({
    write: ({ k }, task, step) =>
      k.recordTexts(RECORD.raised, task, step, [own.caught ? 1 : 0], [own.error.name, own.error.message]),
    own: { type: 'raised', ...own },
  })),
  stopping: fc.record({ target: count, cause: fc.constantFrom(...causes), untilUs: time }).map((own) => ({
    write: ({ k }, task, step) => recordStopping(k, task, step, own.target, own.cause, own.untilUs),
    own: { type: 'stopping', ...own },
  })),
  stopped: fc.constantFrom(...stopReasons).map((reason) => ({
    write: ({ k }, task, step) => k.record(RECORD.stopped, task, step, 1, stopReasons.indexOf(reason)),
    own: { type: 'stopped', reason },
  })),
};

/** Without the fields of other types. */
function defined(event: Event): unknown {
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined));
}

const plan = makePlan({ resources: [lock('lock')] });

test.each(eventTypes)('%s', (type) => {
  for (const shared of [false, true]) {
    const scene = createScene(plan, { shared, started: false });
    let seq = 0;
    fc.assert(
      fc.property(cases[type], count, fc.integer({ min: -1, max: 1000 }), time, (example, task, step, at) => {
        scene.clock.now = Math.max(scene.clock.now, at);
        scene.inside(() => example.write(scene, task, step));
        const base = { seq: seq++, at: scene.clock.now, task, step, last: true };
        expectSame(scene.events().map(defined), [{ ...base, ...example.own }]);
      }),
    );
  }
});

test('events of all types have the same fields', () => {
  const scene = createScene(plan, { started: false });
  const names = eventTypes.map((type) => {
    scene.inside(() => scene.k.record(RECORD[type], 0, 0, 8));
    return Object.keys(scene.events()[0] as Event);
  });
  for (const own of names) expect(own).toEqual(names[0]);
});

test('records of one critical section are told apart, and joined where they are one moment', () => {
  const scene = createScene(plan, { started: false });
  scene.inside(() => {
    scene.k.record(RECORD.entered, 0, 0, 1, 1);
    scene.k.ring.joinNext();
    scene.k.record(RECORD.entered, 0, 0, 1, 2);
    scene.k.record(RECORD.entered, 0, 0, 1, 3);
  });
  const points = scene.events().map((event) => event.type === 'entered' && [event.point, event.last]);
  expect(points).toEqual([
    [1, false],
    [2, true],
    [3, true],
  ]);
});

test('one object a type is reused', () => {
  const scene = createScene(plan, { started: false });
  scene.inside(() => {
    scene.k.record(RECORD.woke, 1, 0, 0);
    scene.k.record(RECORD.woke, 2, 0, 0);
  });
  const decoder = createEventDecoder(scene.k.words);
  const first: Event = decoder.decode(scene.layout.ringAt, 0);
  expect(first.task).toBe(1);
  expect(decoder.decode(scene.layout.ringAt + 5, 1)).toBe(first);
  expect(first.task).toBe(2);
});

test('a record of no known type is a bug', () => {
  const words = Int32Array.of((5 << 8) | 0x7e, 0, 0, 0, 0);
  expect(() => createEventDecoder(words).decode(0, 0)).toThrow('bug in concur');
});

test.each([
  ['ended', [0, endStates.length, 0, 0, 0]],
  ['ended', [0, 0, causes.length, 0, 0]],
  ['waiting', [operationNames.length, 0, 0, 0]],
  ['timedOut', [OPERATION.end, 0]],
  ['operated', [OPERATION.await, 0, 0, 0]],
  ['refused', [OPERATION.end, 0]],
  ['asked', [services.length, 0]],
  ['answered', [-1, 0]],
  ['stopped', [stopReasons.length]],
  ['stopping', [0, -1, 0, 0]],
] as const)('a number that stands for nothing in %s %j is a bug, not a guess', (type, payload) => {
  const words = Int32Array.of(((3 + payload.length) << 8) | RECORD[type], 0, 0, ...payload);
  expect(() => createEventDecoder(words).decode(0, 0)).toThrow(/^bug in concur: -?\d+ stands for none of/);
});

test('a text too long for the log is refused', () => {
  const scene = createScene(plan, { started: false });
  const print = (text: string) => scene.k.recordTexts(RECORD.printed, 0, 0, [], [text]);
  scene.inside(() => {
    print('x'.repeat(4_000_000));
    expect(() => print('x'.repeat(5_000_000))).toThrow(Exhausted);
  });
  expect(scene.events()).toMatchObject([{ type: 'printed', text: 'x'.repeat(4_000_000) }]);
});
