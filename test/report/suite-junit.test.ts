import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { createSuiteJunit } from '../../engine/report/formats/suite-junit.ts';
import { harmless } from '../../engine/source/harmless.ts';
import { caseOf, endOf, eventsOf, hostile, invalidEnd, position, suiteWith, written } from './suite-scene.ts';

type Element = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
};

/** By a parser that refuses whatever is not well-formed XML 1.0, a forbidden character included. */
function parsed(xml: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: attributes as Record<string, string>, children: [], text: '' };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  parser.on('text', (text) => {
    open.at(-1)!.text += text;
  });
  parser.write(xml).close();
  return root.children[0]!;
}

const all = (element: Element, name: string): readonly Element[] => [
  ...(element.name === name ? [element] : []),
  ...element.children.flatMap((child) => all(child, name)),
];

describe('a suite as JUnit XML', () => {
  it('has a suite for each file and a case for each case, with what failed', async () => {
    const cases = [
      caseOf(0, { caseName: 'three' }),
      caseOf(1, { caseName: 'five' }),
      caseOf(2, { file: 'b.yaml', name: 'b' }),
      caseOf(3, { file: 'c.yaml', name: 'c' }),
      caseOf(4, { file: 'd.yaml', name: 'd' }),
    ];
    const ends = [
      endOf(cases[0]!, 'passed'),
      endOf(cases[1]!, 'failed', { output: ['p | one', 'p | two'] }),
      invalidEnd(cases[2]!, 'wrong'),
      endOf(cases[3]!, 'inconclusive'),
    ];
    const root = parsed(await written(createSuiteJunit, eventsOf(cases, ends, 'bail')));
    const { attributes } = root;
    expect(attributes).toEqual({
      name: 'concur',
      tests: '5',
      failures: '1',
      errors: '2',
      skipped: '1',
      time: '5.000',
    });
    expect(all(root, 'testsuite').map((suite) => suite.attributes)).toMatchObject([
      { name: 'toilet.yaml', tests: '2', failures: '1', errors: '0', time: '2.468' },
      { name: 'b.yaml', tests: '1', failures: '0', errors: '1' },
      { name: 'c.yaml', tests: '1', errors: '1', skipped: '0' },
      { name: 'd.yaml', tests: '1', errors: '0', skipped: '1' },
    ]);
    const [three, five, b, c, d] = all(root, 'testcase') as [Element, Element, Element, Element, Element];
    expect(three.attributes).toEqual({
      name: 'three',
      classname: 'toilet.yaml',
      file: 'toilet.yaml',
      time: '1.234',
    });
    expect(all(three, 'property').map((one) => one.attributes)).toEqual([
      { name: 'seed', value: '42' },
      { name: 'command', value: 'concur run toilet.yaml --seed 42' },
      { name: 'runs', value: '1' },
    ]);
    expect(five.attributes).toMatchObject({ name: 'five', line: `${position.line}` });
    expect(all(five, 'failure')).toMatchObject([
      { attributes: { type: 'peak stall', message: 'the peak of `stall` is 3: seen 4' } },
    ]);
    expect(all(five, 'failure')[0]?.text).toMatchSnapshot();
    expect(all(five, 'system-out')[0]?.text).toBe('p | one\np | two');
    expect(all(b, 'error')[0]?.attributes).toEqual({
      type: 'bad-value',
      message: 'bad-value: wrong: mend it',
    });
    expect(all(c, 'error')[0]?.attributes['type']).toBe('inconclusive');
    expect(all(d, 'skipped')[0]?.attributes).toEqual({ message: 'not run' });
  });

  it.each(hostile)('is well-formed whatever is in it, and bounded: %j', async (text) => {
    const { cases, ends } = suiteWith(text);
    const xml = await written(createSuiteJunit, eventsOf(cases, ends));
    expect(xml.length).toBeLessThan(1_000_000);
    const [, failed] = all(parsed(xml), 'testcase');
    expect(all(failed!, 'failure')).toHaveLength(2);
  });

  it('says names as all other reports do', async () => {
    const name = fc.string({
      unit: fc.constantFrom('a', ' ', '<', '&', '"', ']', '>', '\n', '\t', '\u0000', '😀', '\ud800'),
    });
    await fc.assert(
      fc.asyncProperty(name, async (text) => {
        const one = caseOf(0, { caseName: text });
        const root = parsed(await written(createSuiteJunit, eventsOf([one], [endOf(one, 'passed')])));
        expect(all(root, 'testcase')[0]?.attributes['name']).toBe(harmless(text));
      }),
      { numRuns: 300 },
    );
  });
});
