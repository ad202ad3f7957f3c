/**
 * Texts that were scenarios before something happened to them: pieces cut out, moved, repeated a thousand times, indented,
 * mixed with others. Each ends as one of four, like any text; nothing overflows, nothing hangs.
 *
 * More of them: `CONCUR_FUZZ=10000 npx vitest run test/fuzz/mutations.test.ts`; another beginning: `CONCUR_FUZZ_SEED=7`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Ending, endingOf } from './ending.ts';

const count = Number(process.env['CONCUR_FUZZ'] ?? 400);
const firstSeed = Number(process.env['CONCUR_FUZZ_SEED'] ?? 1);
/** Most take milliseconds: that long for one is a hang, however slow the machine. */
const longestMs = 30_000;

const root = new URL('../../', import.meta.url);
const texts = [
  'scenarios',
  'test/document',
  'test/findings',
  'test/conformance',
  'test/python',
  'cli/templates',
].flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => readFileSync(new URL(`${folder}/${file}`, root), 'utf8')),
);

const bits = [
  ...[
    '- ',
    '? ',
    ': ',
    '[',
    '{',
    ']',
    '}',
    ',',
    '{ a: ',
    '[ [], ',
    'a: ',
    '&a ',
    '*a ',
    '!x ',
    '<<: ',
    '"',
    "'",
    '|\n',
    '>\n',
  ],
  ...[
    '#',
    '\n',
    '\n\n',
    '\t',
    '\r',
    ' ',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '@',
    '`',
    '\\',
    '\0',
    '\ud800',
    '\u2028',
    '漢',
  ],
  ...[
    '${{',
    '}}',
    '${{ 1 + ',
    '(',
    ')',
    '-',
    '!',
    '[0]',
    '.x',
    '99999999999999999999',
    '1e309',
    '-0',
    '0x7f',
    '.nan',
    '~',
  ],
  ...[
    'do:\n',
    'main: [',
    '- with: l\n  do:\n    ',
    'try: [',
    'repeat: 3',
    'concur: 1\n',
    'count: 1000000',
    'cases: {',
  ],
];

/** The same numbers for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Draw = (below: number) => number;

function one<T>(draw: Draw, from: readonly T[]): T {
  return from[draw(from.length)] as T;
}

const mutations: readonly ((text: string, draw: Draw) => string)[] = [
  (text, draw) => inserted(text, draw, one(draw, bits)),
  // Some of them end in the middle of a line, others are followed by one that is indented less.
  (text, draw) =>
    inserted(text, draw, one(draw, bits).repeat(1 + draw(6000)) + one(draw, ['', '\n', '\na: 1\n'])),
  (text, draw) => without(text, draw(text.length + 1), draw(40)),
  (text, draw) => text.slice(0, draw(text.length + 1)),
  (text, draw) => {
    const at = draw(text.length + 1);
    return text.slice(0, at) + one(draw, bits) + text.slice(at + 1);
  },
  (text, draw) => lines(text, draw, (line) => [line, line]),
  (text, draw) => lines(text, draw, () => []),
  (text, draw) => lines(text, draw, (line) => [' '.repeat(draw(9)) + line]),
  (text, draw) => lines(text, draw, (line) => [line.trimStart()]),
  (text, draw) => lines(text, draw, (line) => [line, one(draw, one(draw, texts).split('\n'))]),
  (text, draw) => lines(text, draw, (line) => [line.replace(/\w+/, one(draw, bits))]),
  (text, draw) => {
    const lines = text.split('\n');
    const from = draw(lines.length);
    return lines.map((line, index) => (index < from ? line : `  ${line}`)).join('\n');
  },
  (text, draw) => {
    const other = one(draw, texts);
    return text.slice(0, draw(text.length + 1)) + other.slice(draw(other.length + 1));
  },
  (text, draw) => {
    const from = draw(text.length + 1);
    const piece = text.slice(from, from + 1 + draw(30));
    return inserted(text, draw, piece.repeat(1 + draw(3000)));
  },
];

function inserted(text: string, draw: Draw, more: string): string {
  const at = draw(text.length + 1);
  return text.slice(0, at) + more + text.slice(at);
}

function without(text: string, at: number, length: number): string {
  return text.slice(0, at) + text.slice(at + length);
}

function lines(text: string, draw: Draw, change: (line: string) => readonly string[]): string {
  const all = text.split('\n');
  const at = draw(all.length);
  return [...all.slice(0, at), ...change(all[at] ?? ''), ...all.slice(at + 1)].join('\n');
}

function mutated(seed: number): string {
  const draw = numbers(seed);
  let text = one(draw, texts);
  for (let times = 1 + draw(4); times > 0; times--) text = one(draw, mutations)(text, draw);
  return text;
}

test(`${count} mutated scenarios`, { timeout: count * longestMs }, async () => {
  const seen = new Set<Ending>();
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const text = mutated(seed);
    const began = performance.now();
    try {
      seen.add(await endingOf(text));
    } catch (error) {
      throw new Error(`seed ${seed}: ${JSON.stringify(text.slice(0, 2000))}`, { cause: error });
    }
    expect(performance.now() - began, `seed ${seed}`).toBeLessThan(longestMs);
  }
  // Mutations that leave nothing valid, or break nothing, would test nothing.
  expect([...seen]).toEqual(expect.arrayContaining(['invalid', 'failed', 'passed']));
});
