import { describe, expect, it } from 'vitest';
import type { Event } from '../../engine/log/event.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { createPlain, type PlainOptions } from '../../engine/report/run/plain.ts';
import { createPalette } from '../../engine/report/text/palette.ts';
import { createPlaces } from '../../engine/report/text/places.ts';
import { end, eventsOf, operate, planOf, print, start, toilet, waitFor } from './events.ts';

const plan = planOf({
  tasks: { visitor: 2, guard: undefined, cleaner: undefined },
  resources: [{ name: 'stall' }],
  variables: [
    { name: 'n', array: false },
    { name: 'state', array: true },
  ],
  steps: ['acquire: stall', 'print: inside', 'release: stall'],
});

const places = createPlaces(toilet, { palette: createPalette(false), columns: 80 });

function plainText(events: readonly Event[], detail: PlainOptions['detail'], of: Plan = plan): string {
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  const plain = createPlain(of, { write, places, detail });
  for (const event of events) plain.handle(event);
  return text;
}

const everyState = eventsOf(plan, [
  [0, 'main', start(plan, 'main')],
  [0, 'main', { type: 'began', pid: 1, carrier: 0 }],
  [1, 'main', start(plan, 'visitor[0]')],
  [1, 'main', start(plan, 'visitor[1]')],
  [1, 'main', start(plan, 'guard')],
  [2, 'visitor[0]', operate('semaphore.acquire', 0)],
  [2, 'visitor[1]', waitFor('semaphore.acquire', 0, 0)],
  [3, 'visitor[0]', print('takes a stall\nand locks it')],
  [3, 'visitor[0]', { type: 'sleeping', untilUs: 1_503_000 }],
  [1503, 'visitor[0]', { type: 'woke' }],
  [1503, 'visitor[0]', { type: 'wrote', process: 0, variable: 0, cell: 0, value: 99n }],
  [1503, 'visitor[0]', { type: 'wrote', process: 0, variable: 1, cell: 2, value: 'free' }],
  [1504, 'visitor[0]', end(plan, 'visitor[0]')],
  [1600, 'visitor[1]', { type: 'timedOut', operation: 'semaphore.acquire', target: 0 }],
  [1600, 'visitor[1]', { type: 'raised', step: 0, error: { name: 'KeyError', message: 'x' }, caught: true }],
  [
    1601,
    'visitor[1]',
    {
      type: 'raised',
      step: 2,
      error: { name: 'RuntimeError', message: 'release unlocked lock' },
      caught: false,
    },
  ],
  [
    1601,
    'visitor[1]',
    end(plan, 'visitor[1]', {
      state: 'failed',
      error: { name: 'RuntimeError', message: 'release unlocked lock' },
    }),
  ],
  [
    1601,
    'main',
    end(plan, 'cleaner', { state: 'skipped', error: { name: 'Skipped', message: 'visitor[1] failed' } }),
  ],
  [1700, 'main', { type: 'stopped', reason: 'timeout' }],
  [1700, 'main', end(plan, 'guard', { state: 'terminated', cause: 'timeout', exitCode: -15 })],
  [1700, 'main', end(plan, 'main')],
]);

describe('a run in a pipe', () => {
  it('shows output, ends and trouble', () => {
    expect(plainText(everyState, 'ends')).toMatchSnapshot();
  });

  it('shows everything if asked to', () => {
    expect(plainText(everyState, 'everything')).toMatchSnapshot();
  });

  it('shows how main ended if it did not finish', () => {
    const events = eventsOf(plan, [
      [0, 'main', start(plan, 'main')],
      [5, 'main', end(plan, 'main', { state: 'failed', error: { name: 'E', message: 'm' } })],
    ]);
    expect(plainText(events, 'ends')).toBe('main failed after 5 ms: E: m\n');
  });

  it('shows nothing if asked to', () => {
    expect(plainText(everyState, 'none')).toBe('');
  });

  it('lets no output forge another line or act on a terminal', () => {
    const events = eventsOf(plan, [
      [0, 'visitor[0]', print('\u001b[1A\u001b[2Kvisitor[1] | forged\r\u0007')],
      [0, 'visitor[0]', print('')],
      [
        1,
        'visitor[1]',
        end(plan, 'visitor[1]', { state: 'failed', error: { name: 'E\u001b[m', message: 'two\nlines' } }),
      ],
    ]);
    expect(plainText(events, 'ends')).toBe(
      [
        'visitor[0] | \\x1b[1A\\x1b[2Kvisitor[1] | forged\\r\\x07',
        'visitor[0] | ',
        'visitor[1] failed: E\\x1b[m: two\\nlines',
        '',
      ].join('\n'),
    );
  });

  it('writes each line at once', () => {
    const writes: string[] = [];
    const plain = createPlain(plan, { write: (text) => writes.push(text), places, detail: 'ends' });
    for (const event of eventsOf(plan, [
      [0, 'visitor[0]', print('one')],
      [0, 'visitor[0]', { type: 'woke' }],
      [1, 'visitor[0]', print('two')],
    ])) {
      plain.handle(event);
    }
    expect(writes).toEqual(['visitor[0] | one\n', 'visitor[0] | two\n']);
  });
});
