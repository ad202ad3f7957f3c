/**
 * `concur list`: what scenarios there are, and what each shows.
 */
import { relative } from 'node:path';
import type { Json, Source } from '../../engine/command.ts';
import { harmless, shellWord, withoutCommands } from '../../engine/harmless.ts';
import type { Ending } from '../exit-code.ts';
import { findScenarios } from '../files/find-scenarios.ts';
import { readSource } from '../files/read-source.ts';
import { type Engine, type Host, sayMistake } from '../host.ts';
import { wrapped } from '../page.ts';
import { shippedPath } from '../shipped.ts';
import type { ListArguments } from './teaching-arguments.ts';

type Listed = {
  readonly file: string;
  readonly name: string;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly cases: readonly string[];
  /** Without errors; of others only the file's name is known. */
  readonly valid: boolean;
};

const widest = 100;

export async function listCommand({ paths, json }: ListArguments, host: Host): Promise<Ending> {
  const found = await findScenarios(paths.length > 0 ? paths : [shippedPath('scenarios')]);
  if ('mistake' in found) return sayMistake(host, found.mistake);
  const engine = await import('../../engine/command.ts');
  const listed: Listed[] = [];
  for (const file of found.files) {
    const read = await readSource(file);
    if ('mistake' in read) return sayMistake(host, read.mistake);
    listed.push(await describe(engine, read.source));
  }
  const document: Json = { scenarios: listed.map((one) => ({ ...one })) };
  host.stdout.write(json ? engine.jsonText(document) : listText(engine, listed, host));
  return listed.every(({ valid }) => valid) ? 'passed' : 'invalid';
}

async function describe(engine: Engine, source: Source): Promise<Listed> {
  const { document, plan } = await engine.loadScenario(source, { seed: 0 });
  const { name, description, tags } = document?.scenario ?? {};
  return {
    file: shortPath(source.file),
    name: name ?? plan?.name ?? shortPath(source.file),
    description: description?.trim() ?? null,
    tags: tags ?? [],
    cases: document === undefined ? [] : engine.caseNames(document),
    valid: plan !== undefined,
  };
}

/** As one would type it here. */
function shortPath(file: string): string {
  const short = relative('', file);
  return file === '-' || short.startsWith('..') || short === '' ? file : short;
}

function listText(engine: Engine, listed: readonly Listed[], host: Host): string {
  const { env, startedAs, stdout } = host;
  const palette = engine.createPalette(engine.chooseUse({ ...stdout.facts, env }).colour);
  const columns = Math.min(stdout.facts.columns || widest, widest);
  if (listed.length === 0) return 'no scenarios (a scenario begins with `concur: 1`)\n';
  return withoutCommands(
    listed.map((one) => `${entryText(one, { palette, columns, startedAs })}\n`).join('\n'),
  );
}

type Look = {
  readonly palette: ReturnType<Engine['createPalette']>;
  readonly columns: number;
  readonly startedAs: string;
};

function entryText(one: Listed, { palette, columns, startedAs }: Look): string {
  const { file, name, description, tags, cases, valid } = one;
  const facts = [
    ...(cases.length > 0 ? [`cases ${cases.join(', ')}`] : []),
    ...(tags.length > 0 ? [`tags ${tags.join(', ')}`] : []),
  ].join('; ');
  const lines = [
    `${palette.bold(plain(name))}  ${palette.dim(plain(file))}`,
    ...(valid ? [] : [`  ${palette.bad('invalid')}: see ${startedAs} validate ${shellWord(file)}`]),
    ...(description === null ? [] : [wrapped(plain(description), columns, '  ')]),
    ...(facts === '' ? [] : [palette.dim(wrapped(plain(facts), columns, '  '))]),
  ];
  return lines.join('\n');
}

/** On one line, and without what a terminal would obey. */
function plain(text: string): string {
  return harmless(text.replaceAll(/\s+/g, ' '));
}
