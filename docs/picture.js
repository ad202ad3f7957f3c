/**
 * Takes the picture in the README: `node docs/picture.js` runs the toilet in a terminal of 100 × 30 (tmux), catches the
 * live view when the middle is reached, and writes docs/toilet.svg. Nothing in it is drawn by hand.
 *
 * Needs tmux and a built dist/.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const socket = `concur-picture-${process.pid}`;
const tmux = (...args) => execFileSync('tmux', ['-L', socket, ...args], { cwd: root, encoding: 'utf8' });

const command = 'npx concur run scenarios/toilet.yaml';
/** The live view's last line, when some have ended and some are still waiting. */
const middle = /\b[45] of \d+ tasks ended/;

const cell = { width: 8.4, height: 18 };
const margin = { side: 18, top: 46, bottom: 14 };
const paper = '#15181e';
const ink = '#d5d9e0';
const dim = '#7d8590';
/** By the number in the escape sequence: 31 to 37 as they are, 91 to 97 bright. */
const inks = {
  31: '#ff7b72',
  32: '#56d364',
  33: '#e3b341',
  34: '#79b8ff',
  35: '#d2a8ff',
  36: '#56d4dd',
  91: '#ffa198',
  92: '#7ee787',
  93: '#f2cc60',
  94: '#a5d6ff',
  95: '#e2c5ff',
  96: '#b3f0ff',
};

/** The screen at a moment in the middle, as tmux shows it, with colours. */
async function capture() {
  tmux(
    'new-session',
    '-d',
    '-x',
    '100',
    '-y',
    '30',
    `env -u CI -u NO_COLOR TERM=tmux-256color bash --noprofile --norc`,
  );
  try {
    tmux('send-keys', `PS1='$ '; npx() { shift; node dist/concur.js "$@"; }; clear`, 'Enter');
    await pause(500); // the shell has no way to say that it is ready
    tmux('send-keys', command, 'Enter');
    for (let tries = 0; tries < 1000; tries += 1) {
      const screen = tmux('capture-pane', '-e', '-p');
      if (middle.test(screen)) return screen;
      await pause(20);
    }
    throw new Error(`the view never came to its middle:\n${tmux('capture-pane', '-p')}`);
  } finally {
    tmux('kill-server');
  }
}

/** What begins an escape sequence that sets a style. */
const styleParts = new RegExp(`(${String.fromCharCode(27)}\\[[0-9;]*m)`);

/** One line of the screen as runs of equally coloured text, each with the column it begins in. */
function runsOf(line) {
  const runs = [];
  let style = { fill: ink, bold: false };
  let column = 0;
  for (const [at, part] of line.split(styleParts).entries()) {
    if (at % 2 === 1) {
      for (const code of part.slice(2, -1).split(';')) style = styled(style, Number(code));
    } else if (part !== '') {
      runs.push({ ...style, column, text: part });
      column += [...part].length;
    }
  }
  return runs;
}

function styled(style, code) {
  switch (code) {
    case 0:
      return { fill: ink, bold: false };
    case 1:
      return { ...style, bold: true };
    case 2:
      return { ...style, fill: dim };
    case 39:
      return { ...style, fill: ink };
    default:
      return { ...style, fill: inks[code] ?? style.fill };
  }
}

function svgOf(screen) {
  const lines = screen.trimEnd().split('\n').map(runsOf);
  const columns = Math.max(
    80,
    ...lines.flat().map(({ column, text }) => column + [...text.trimEnd()].length),
  );
  const width = Math.round(columns * cell.width + 2 * margin.side);
  const height = Math.round(lines.length * cell.height + margin.top + margin.bottom);
  const texts = lines.map((runs, row) => {
    const y = margin.top + row * cell.height + 13;
    const spans = runs.filter(({ text }) => text.trim() !== '').map((run) => spanOf(run));
    return spans.length === 0 ? '' : `<text y="${y}">${spans.join('')}</text>\n`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="A run of the toilet, seen in a terminal">
<rect width="${width}" height="${height}" rx="9" fill="${paper}"/>
<circle cx="20" cy="20" r="6" fill="#ff5f57"/><circle cx="40" cy="20" r="6" fill="#febc2e"/><circle cx="60" cy="20" r="6" fill="#28c840"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" xml:space="preserve">
${texts.join('')}</g>
</svg>
`;
}

/** Every run has its own place and length, so that columns stay straight in any font. */
function spanOf({ fill, bold, column, text }) {
  const length = ([...text].length * cell.width).toFixed(1);
  const weight = bold ? ' font-weight="bold"' : '';
  const x = (margin.side + column * cell.width).toFixed(1);
  return `<tspan x="${x}" fill="${fill}"${weight} textLength="${length}">${escaped(text)}</tspan>`;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

writeFileSync(fileURLToPath(new URL('toilet.svg', import.meta.url)), svgOf(await capture()));
