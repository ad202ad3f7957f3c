import { expect, test } from 'vitest';
import { pageText, wrapped } from '../../cli/page.ts';

const mark = (sign: string) => (text: string) => `${sign}${text}${sign}`;
const style = { bold: mark('*'), dim: mark('.'), good: mark('+'), bad: mark('-'), columns: 20 };

test('a page on a terminal', () => {
  const page = `# a-code

**A title** (error)

A paragraph that is
wrapped, with a [link](https://cel.dev).

\`\`\`yaml bad --set a=1
concur: 2

\`\`\`

\`\`\`sh
ls
\`\`\`
`;
  expect(pageText(page, style)).toBe(`*a-code*

*A title* (error)

A paragraph that is
wrapped, with a link
(https://cel.dev).

  -wrong- --set a=1
  -│- concur: 2

  .│. ls
`);
});

test('a word longer than the line has one for itself', () => {
  expect(wrapped('a looooooong b', 8, '  ')).toBe('  a\n  looooooong\n  b');
});
