/**
 * What is recorded of virtual runs: the log and the facts of the verdict, under ten seeds, of every case of the scenarios that
 * ship, of the models, of the inputs in `test/findings`, and of the examples in the docs.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  caseNames,
  createLogWriter,
  createPalette,
  createPlaces,
  loadScenario,
  type Plan,
  run,
  type Source,
  verdictJson,
} from '../../engine/command.ts';
import { root } from '../scenarios/concur-command.ts';
import { completed, fencesOf } from '../scenarios/fences.ts';

export const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;

/** A run that takes more events than this is recorded under the first seed alone. */
const MANY_EVENTS = 20_000;

const folders = ['scenarios', 'test/findings', 'test/models'];
const pages = ['README.md', 'docs/language.md', 'docs/commands.md', 'docs/ci.md'];

/** Runs that go on until a limit of values or of work ends them: they take long, and have tests of their own. */
const ENDLESS = /^test\/findings\/(value-|virtual-uninterruptible|costly)/;

/** Everything to record, files as they are named from the project's top. */
export function sources(): readonly Source[] {
  return [...folders.flatMap(sourcesIn), ...pages.flatMap(examplesIn)].filter(
    ({ file }) => !ENDLESS.test(file),
  );
}

function sourcesIn(folder: string): readonly Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .map((name) => ({ file: join(folder, name), text: readFileSync(join(root, folder, name), 'utf8') }));
}

/** Named by what they say, so that an example more above changes no name. */
function examplesIn(page: string): readonly Source[] {
  const fences = fencesOf(readFileSync(join(root, page), 'utf8'));
  const prelude = fences.find(({ word }) => word === 'prelude')?.text ?? '';
  return fences
    .filter(({ language, word }) => language === 'yaml' && word !== '')
    .map(({ word, text }) => ({
      file: `${page}#${hash(text).slice(0, 8)}`,
      text: completed(word, text, prelude),
    }));
}

export type Recorded = { readonly log: string; readonly json: string; readonly events: number };

/** Every case of a source that can be planned for virtual time, by name; the file as it stands is `''`. */
export async function casesOf(source: Source): Promise<readonly string[]> {
  const { document } = await loadScenario(source, { seed: 1, mode: 'virtual' });
  if (document === undefined) return [];
  const names = caseNames(document);
  return names.length === 0 ? [''] : names;
}

/** One run, or undefined where the case is no plan for virtual time. */
export async function record(source: Source, caseName: string, seed: number): Promise<Recorded | undefined> {
  const options = { seed, mode: 'virtual', ...(caseName === '' ? {} : { caseName }) } as const;
  const { plan } = await loadScenario(source, options);
  return plan === undefined ? undefined : recordPlan(plan, source);
}

async function recordPlan(plan: Plan, source: Source): Promise<Recorded> {
  const places = createPlaces(source, { palette: createPalette(false), columns: 100 });
  let log = '';
  let events = 0;
  const logger = createLogWriter(plan, {
    mode: 'virtual',
    lineOf: ({ span }) => places.position(span)?.line,
    write: (text) => {
      log += text;
    },
  });
  const { verdict } = await run(plan, {
    mode: 'virtual',
    source,
    handle: (event) => {
      events++;
      logger.handle(event);
    },
  });
  logger.end();
  const told = verdictJson({ plan, verdict, places, command: '' });
  return { log, json: JSON.stringify(told, withoutWording), events };
}

/** Sentences for people: they may be said better without a change of what is found. */
const WORDING: ReadonlySet<string> = new Set([
  'summary',
  'expected',
  'seen',
  'reason',
  'why',
  'does',
  'cause',
]);

function withoutWording(key: string, value: unknown): unknown {
  // It is said of events that are in the log.
  if (key === 'notExercised') return undefined;
  // The text of a result is the scenario's, that of evidence is ours.
  if (key === 'evidence' && Array.isArray(value)) return value.map((piece) => ({ ...piece, text: '' }));
  return WORDING.has(key) && typeof value === 'string' ? '' : value;
}

/** Both hashes of each seed, one text a case. */
export async function hashesOf(source: Source, caseName: string): Promise<string | undefined> {
  const all: string[] = [];
  for (const seed of seeds) {
    const recorded = await record(source, caseName, seed);
    if (recorded === undefined) return undefined;
    all.push(`${hash(recorded.log)}:${hash(recorded.json)}`);
    if (recorded.events > MANY_EVENTS) break;
  }
  return all.join(' ');
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
