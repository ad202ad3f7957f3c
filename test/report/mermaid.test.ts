/**
 * Ways as Mermaid sequence diagrams: each line is one that Mermaid takes, whatever names and texts a scenario has.
 */
import { describe, expect, it } from 'vitest';
import { brokenText, mermaidLines } from '../../engine/command.ts';
import { checked, planOf } from '../explore/checked.ts';

/** The part of Mermaid's grammar that is used, and no more: a text has nothing that could end it or begin something else. */
const TEXT = String.raw`(?:[\p{L}\p{N} _.()[\]=→✘…]|#\d+;)+`;
const LINES: readonly RegExp[] = [
  new RegExp(`^  title ${TEXT}$`, 'u'),
  new RegExp(`^  participant [tr]\\d+ as ${TEXT}$`, 'u'),
  new RegExp(`^  [tr]\\d+(?:->>|-->>|-x)[tr]\\d+: ${TEXT}$`, 'u'),
  new RegExp(`^  Note over [tr]\\d+(?:,[tr]\\d+)?: ${TEXT}$`, 'u'),
];

function parse(lines: readonly string[]): {
  readonly actors: readonly string[];
  readonly notes: readonly string[];
} {
  const [first, ...rest] = lines;
  expect(first).toBe('sequenceDiagram');
  const actors = new Map<string, string>();
  for (const line of rest) {
    expect(line).toSatisfy((text: string) => LINES.some((pattern) => pattern.test(text)));
    expect(line).not.toMatch(/\bend\b/i);
    const declared = /^ {2}participant (\S+) as (.*)$/.exec(line);
    if (declared !== null) actors.set(declared[1] as string, declared[2] as string);
    else if (!line.startsWith('  title'))
      for (const [id] of line.split(': ')[0]?.matchAll(/\b[tr]\d+\b/g) ?? [])
        expect(actors.has(id)).toBe(true);
  }
  return { actors: [...actors.values()], notes: rest.filter((line) => line.startsWith('  Note')) };
}

async function drawn(text: string): Promise<readonly string[]> {
  const { counterexample, verdict } = await checked(text);
  if (counterexample === null) throw new Error('nothing is broken');
  const { events, verdict: own } = counterexample;
  const plan = await planOf(text);
  return mermaidLines({ plan, events, broken: brokenText(verdict), deadlock: own.deadlock });
}

describe('a way as a Mermaid diagram', () => {
  it('has the circle of a deadlock', async () => {
    const lines = await drawn(`
concur: 1
locks: [left, right]
tasks:
  anna: { steps: [ { with: [left, right], do: [ { print: x } ] } ] }
  ben: { steps: [ { with: [right, left], do: [ { print: x } ] } ] }`);
    const { actors, notes } = parse(lines);
    expect(actors).toEqual(['anna', 'ben', 'left', 'right']);
    expect(notes).toEqual([expect.stringMatching(/deadlock#58; (anna → ben → anna|ben → anna → ben)$/)]);
    expect(lines.filter((line) => line.includes('-x'))).toHaveLength(2);
  });

  it('has a note where the state breaks', async () => {
    const lines = await drawn(`
concur: 1
vars: { n: 0 }
tasks: { t: { count: 2, steps: [ { set: { n: n + 1 } } ] } }
expect: { vars: { n: 2 } }`);
    const { notes } = parse(lines);
    expect(notes.at(-1)).toMatchSnapshot();
  });

  it.each([
    'end',
    'a; b: c -->> d',
    '%%{init: {}}%%',
    '#59; # x',
    '<script>alert(1)</script>',
    'a\\nparticipant x',
    'Note over t1: 😀 \\u202e',
    'alt end loop',
  ])('takes the text %j', async (text) => {
    const lines = await drawn(`
concur: 1
name: ${JSON.stringify(text.replaceAll('\\', ''))}
queues: [ q ]
vars: { alt: none }
tasks:
  end:
    steps:
      - print: "${text}"
      - set: { alt: "'x'" }
      - fail: "${text}"`);
    parse(lines);
  });
});
