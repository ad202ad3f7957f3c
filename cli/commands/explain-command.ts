/**
 * `concur explain`: what a finding means, from its page in docs/codes; or all codes with their titles.
 */
import { readFile } from 'node:fs/promises';
import type { Ending } from '../exit-code.ts';
import { type Engine, type Host, sayMistake } from '../host.ts';
import { pageText } from '../page.ts';
import { shippedPath } from '../shipped.ts';
import type { ExplainArguments } from './teaching-arguments.ts';

const widest = 100;

export async function explainCommand({ code }: ExplainArguments, host: Host): Promise<Ending> {
  const engine = await import('../../engine/command.ts');
  if (code === undefined) {
    host.stdout.write(allCodes(engine, host));
    return 'passed';
  }
  const known = knownCode(engine, code);
  if (known === undefined) return sayMistake(host, unknown(engine, code));
  const page = await readFile(shippedPath('codes', `${known}.md`), 'utf8');
  const { colour } = engine.chooseUse({ ...host.stdout.facts, env: host.env });
  const columns = Math.min(host.stdout.facts.columns || widest, widest);
  host.stdout.write(pageText(page, { ...engine.createPalette(colour), columns }));
  return 'passed';
}

/** Also as it is shown, and in whatever case: `error[unknown-key]`. */
function knownCode({ codes }: Engine, written: string): string | undefined {
  const code = (/^(?:error|warning)?\[(.*)\]:?$/.exec(written)?.[1] ?? written).toLowerCase();
  return Object.hasOwn(codes, code) ? code : undefined;
}

function unknown({ codes, didYouMean }: Engine, code: string): string {
  const near = didYouMean(code, Object.keys(codes));
  const hint = near === undefined ? 'concur explain lists all' : `did you mean ${near}?`;
  return `there is no code '${code}' (${hint})`;
}

function allCodes(engine: Engine, host: Host): string {
  const { colour } = engine.chooseUse({ ...host.stdout.facts, env: host.env });
  const { bold } = engine.createPalette(colour);
  const rows = Object.entries(engine.codes);
  const width = Math.max(...rows.map(([code]) => code.length));
  const section = (wanted: string) =>
    rows
      .filter(([, { severity }]) => severity === wanted)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([code, { title }]) => `  ${code.padEnd(width)}  ${title}`);
  const lines = [bold('Errors'), ...section('error'), '', bold('Warnings'), ...section('warning')];
  return `${lines.join('\n')}\n\nMore about one of them: concur explain <code>\n`;
}
