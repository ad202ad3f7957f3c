import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { finding } from '../../engine/diagnostic/finding.ts';
import { render, renderAll } from '../../engine/diagnostic/render.ts';
import { columnsOf } from '../../engine/diagnostic/text-width.ts';

const source = {
  file: 'toilet.yaml',
  text: 'concur: 1\nlocks: [a]\ntasks:\n  visitor:\n    depends_on: [a]\n',
};

function spanOf(part: string, text = source.text) {
  const start = text.indexOf(part);
  return { start, end: start + part.length };
}

test('place, code, message, the line, the mark, what to do', () => {
  const diagnostic = finding('unknown-key', spanOf('depends_on'), '`depends_on` is no key of a task', {
    help: 'write `needs`',
  });
  expect(render(diagnostic, source)).toBe(
    [
      'toilet.yaml:5:5: error[unknown-key]: `depends_on` is no key of a task',
      '5 |     depends_on: [a]',
      '  |     ^^^^^^^^^^',
      '  = help: write `needs`',
      '',
    ].join('\n'),
  );
});

test('a label shows its own line', () => {
  const labels = [{ span: spanOf('locks'), text: 'first here' }];
  const diagnostic = finding('duplicate-name', spanOf('visitor'), 'taken', { labels });
  expect(render(diagnostic, source)).toBe(
    [
      'toilet.yaml:4:3: error[duplicate-name]: taken',
      '4 |   visitor:',
      '  |   ^^^^^^^',
      '2 | locks: [a]',
      '  | ----- first here',
      '',
    ].join('\n'),
  );
});

test('several in order, with an empty line between', () => {
  const [one, two] = [
    finding('bad-name', spanOf('locks'), 'one'),
    finding('bad-name', spanOf('tasks'), 'two'),
  ];
  expect(renderAll([two, one], source)).toBe(`${render(one, source)}\n${render(two, source)}`);
  expect(renderAll([], source)).toBe('');
});

test('colour changes nothing but the colour', () => {
  const diagnostic = finding('bad-name', spanOf('locks'), 'one', {
    help: 'two',
    labels: [{ span: spanOf('tasks'), text: 'three' }],
  });
  const coloured = render(diagnostic, source, { colour: true });
  expect(coloured).toContain('\u001b[31merror[bad-name]\u001b[0m');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours
  expect(coloured.replaceAll(/\u001b\[[0-9]+m/g, '')).toBe(render(diagnostic, source));
});

describe('hostile text', () => {
  const shown = (text: string, part: string, columns?: number) => {
    const diagnostic = finding('bad-name', spanOf(part, text), 'x');
    const [, line = '', mark = ''] = render(
      diagnostic,
      { file: 'x', text },
      columns === undefined ? {} : { columns },
    ).split('\n');
    return { line: line.slice(4), mark: mark.slice(4) };
  };

  test('control characters are shown, not sent', () => {
    expect(shown('a: \u001b[31mred\u0007\u009b\u202e\u007f\ud800 here', 'here')).toEqual({
      line: 'a: \u241b[31mred\u2407\ufffd\ufffd\u2421\ufffd here',
      mark: '                 ^^^^',
    });
    const rendered = render(finding('bad-name', spanOf('x', 'x'), 'a\u001b[2Jb\nc', { help: '\u0000' }), {
      file: 'a\rb',
      text: 'x',
    });
    expect(rendered.split('\n')).toHaveLength(5);
    expect(rendered).toContain('a\u241b[2Jb\u240ac');
    expect(rendered).toContain('a\u240db:1:1');
  });

  test('tabs are one column wide', () => {
    expect(shown('\ta\tb', 'b')).toEqual({ line: ' a b', mark: '   ^' });
  });

  test('wide and joining characters move the mark', () => {
    expect(shown('字字 x', 'x')).toEqual({ line: '字字 x', mark: '     ^' });
    expect(shown('e\u0301e\u0301 x', 'x')).toEqual({ line: 'e\u0301e\u0301 x', mark: '   ^' });
    expect(shown('字字', '字字')).toEqual({ line: '字字', mark: '^^^^' });
  });

  test('a long line is cut around the mark', () => {
    const text = `${'a'.repeat(1000)}here${'b'.repeat(1000)}`;
    expect(shown(text, 'here', 40)).toEqual({
      line: `…${'a'.repeat(12)}here${'b'.repeat(18)}…`,
      mark: `${' '.repeat(13)}^^^^`,
    });
    expect(shown(text, 'aaaa', 40).line).toBe(`${'a'.repeat(35)}…`);
    expect(shown(text, `here${'b'.repeat(1000)}`, 40).mark).toBe(`${' '.repeat(13)}${'^'.repeat(22)}`);
  });

  test('at the end of a line and of the file', () => {
    const rendered = render(finding('bad-name', { start: 3, end: 3 }, 'x'), { file: 'x', text: 'abc' });
    expect(rendered).toContain('1 | abc\n  |    ^\n');
    expect(render(finding('bad-name', { start: 99, end: 120 }, 'x'), { file: 'x', text: '' })).toContain(
      'x:1:1:',
    );
  });

  test('a long message is cut', () => {
    expect(
      render(finding('bad-name', { start: 0, end: 1 }, 'x'.repeat(10_000)), source).split('\n')[0]?.length,
    ).toBeLessThan(600);
  });

  test('frames fit any width of 20 and more, and nothing of them is a control character', () => {
    const unit = fc.constantFrom('a', ' ', '字', '🚻', '\u0301', '\t', '\u001b', '\ud83d', '\u200d', '\r');
    fc.assert(
      fc.property(
        fc.array(unit, { maxLength: 120 }),
        fc.nat(120),
        fc.nat(60),
        fc.integer({ min: 20, max: 90 }),
        (parts, start, length, columns) => {
          const text = parts.join('');
          const diagnostic = finding('bad-name', { start, end: start + length }, 'x', {
            labels: [{ span: { start: 0, end: 1 }, text: 'y' }],
          });
          const lines = render(diagnostic, { file: 'x', text }, { columns }).split('\n').slice(1, -1);
          for (const line of lines.filter((_, index) => index < 3)) {
            expect([...line].reduce((sum, point) => sum + columnsOf(point), 0)).toBeLessThanOrEqual(columns);
            // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be there
            expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
          }
          expect(lines[1]).toMatch(/^ +\| *\^+$/);
        },
      ),
      { numRuns: 500 },
    );
  });
});
