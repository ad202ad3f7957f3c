/**
 * `concur init`: a commented scenario to begin with.
 *
 * Templates are scenarios in `cli/templates`; the first line of each is a comment that says what it is.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { harmless, shellWord } from '../../engine/harmless.ts';
import type { Ending } from '../exit-code.ts';
import { fileMistake, systemCode } from '../files/read-source.ts';
import { type Host, sayMistake } from '../host.ts';
import { shippedPath } from '../shipped.ts';
import type { InitArguments } from './teaching-arguments.ts';

export async function initCommand(args: InitArguments, host: Host): Promise<Ending> {
  const { template, output = `${template}.yaml`, force } = args;
  const names = await templateNames();
  if (!names.includes(template)) {
    const { didYouMean } = await import('../../engine/command.ts');
    const near = didYouMean(template, names);
    const hint = near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`;
    return sayMistake(host, `there is no template '${template}' (${hint})`);
  }
  const text = await templateText(template);
  if (output === '-') {
    host.stdout.write(text);
    return 'passed';
  }
  try {
    await writeFile(output, schemaLine(output) + text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if (systemCode(error) === 'EEXIST')
      return sayMistake(host, `${output} exists already: give another name with --output, or --force`);
    return sayMistake(host, fileMistake('write', output, error));
  }
  host.stdout.write(`wrote ${harmless(output)}\n\n  ${host.startedAs} run ${shellWord(output)}\n`);
  return 'passed';
}

export async function templatesCommand(host: Host): Promise<Ending> {
  const names = await templateNames();
  const width = Math.max(...names.map((name) => name.length));
  for (const name of names) {
    const [first = ''] = (await templateText(name)).split('\n');
    host.stdout.write(`${name.padEnd(width)}  ${first.replace(/^# */, '')}\n`);
  }
  return 'passed';
}

async function templateNames(): Promise<readonly string[]> {
  const files = await readdir(shippedPath('templates'));
  const names = files.map((file) => file.replace(/\.yaml$/, '')).sort();
  return [...names.filter((name) => name === 'minimal'), ...names.filter((name) => name !== 'minimal')];
}

function templateText(name: string): Promise<string> {
  return readFile(shippedPath('templates', `${name}.yaml`), 'utf8');
}

/** Where concur is installed in the project, editors find its schema there. */
function schemaLine(output: string): string {
  const schema = resolve('node_modules/concur-scenarios/schemas/scenario.schema.json');
  if (!existsSync(schema)) return '';
  return `# yaml-language-server: $schema=${relative(dirname(resolve(output)), schema)}\n`;
}
