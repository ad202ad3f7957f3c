/**
 * From the files of a suite to its cases: loaded, and filtered by text and tag.
 */
import type { Diagnostic, Judge, Plan, Source, SuiteCase } from '../../engine/command.ts';
import { loadPlans } from '../files/load.ts';
import { readSource } from '../files/read-source.ts';
import type { Engine } from '../host.ts';
import type { Filter, TestArguments } from './test-arguments.ts';

/** A case to run, or what cannot be: without a plan it is invalid. */
export type Entry = {
  readonly case: SuiteCase;
  /** Where it is in the whole suite, from 0, whichever part of that is run in which order. */
  readonly place: number;
  readonly judge: Judge;
  readonly plan: Plan | null;
  readonly source: Source | null;
  readonly diagnostics: readonly Diagnostic[];
  /** The file cannot be read. */
  readonly problem: string | null;
  /** The settings that it has parameters for. */
  readonly set: TestArguments['set'];
};

export type Suite =
  | { readonly entries: readonly Entry[] }
  /** Nothing of it is to be run. */
  | { readonly mistake: string };

type Options = Pick<
  TestArguments,
  'set' | 'seed' | 'mode' | 'judges' | 'noExec' | 'filters' | 'tags' | 'skipTags'
> & {
  readonly timeoutUs?: number;
};

type Unnumbered = Omit<Entry, 'case' | 'place'> & { readonly case: Omit<SuiteCase, 'index'> };

export async function loadSuite(engine: Engine, files: readonly string[], options: Options): Promise<Suite> {
  const settable = new Set<string>();
  const loaded: Unnumbered[] = [];
  for (const file of files) {
    const { entries, params } = await loadFile(engine, file, options);
    for (const name of params) settable.add(name);
    loaded.push(...entries);
  }
  const unknown = options.set.find(([name]) => !settable.has(name));
  if (unknown !== undefined && loaded.some(({ plan }) => plan !== null)) {
    return { mistake: `no scenario of the suite has the parameter ${unknown[0]}` };
  }
  const entries = loaded
    .filter(({ case: one }) => matches(one, options.filters))
    .map((entry, index) => ({ ...entry, place: index, case: { ...entry.case, index } }));
  return { entries };
}

type LoadedFile = { readonly entries: readonly Unnumbered[]; readonly params: readonly string[] };

/** A parameter is set where there is one: a suite's scenarios differ. */
async function loadFile(engine: Engine, file: string, options: Options): Promise<LoadedFile> {
  const read = await readSource(file);
  const nameless = { file, name: file, caseName: null, judge: null };
  if ('mistake' in read) {
    const entry = {
      case: nameless,
      judge: 'run' as const,
      plan: null,
      source: null,
      diagnostics: [],
      problem: read.mistake,
      set: [],
    };
    return { entries: [entry], params: [] };
  }
  const { source } = read;
  const { document } = await engine.loadScenario(source);
  const { params = {}, tags = [], judge = [] } = document?.scenario ?? {};
  // What cannot be read has no tags, but may have been meant: it is not left out.
  if (document !== undefined && !hasTags(tags, options)) return { entries: [], params: Object.keys(params) };
  const set = options.set.filter(([name]) => Object.hasOwn(params, name));
  const judges = judgesOf(judge, options);
  const entries: Unnumbered[] = [];
  for (const one of judges)
    entries.push(
      ...(await loadJudged(engine, { source, set, judge: one, isOneOfMany: judges.length > 1 }, options)),
    );
  return { entries, params: Object.keys(params) };
}

/** The command line wins over the scenario. */
function judgesOf(own: readonly Judge[], { judges }: Options): readonly Judge[] {
  const all = judges ?? own;
  return all.length === 0 ? ['run'] : [...new Set(all)];
}

type ToLoad = {
  readonly source: Source;
  readonly set: TestArguments['set'];
  readonly judge: Judge;
  readonly isOneOfMany: boolean;
};

async function loadJudged(
  engine: Engine,
  { source, set, judge, isOneOfMany }: ToLoad,
  options: Options,
): Promise<readonly Unnumbered[]> {
  const { plans, diagnostics } = await loadPlans(engine, source, {
    ...options,
    set,
    mode: judge === 'run' ? 'real' : 'virtual',
    ...(judge === 'check' ? { forCheck: true } : {}),
  });
  const named = { file: source.file, judge: isOneOfMany ? judge : null };
  const more = { judge, source, diagnostics, problem: null, set };
  if (plans.length === 0)
    return [{ case: { ...named, name: source.file, caseName: null }, plan: null, ...more }];
  return plans.map((plan) => ({
    case: { ...named, name: plan.name, caseName: plan.caseName ?? null },
    plan,
    ...more,
  }));
}

function hasTags(own: readonly string[], { tags, skipTags }: Options): boolean {
  if (own.some((tag) => skipTags.includes(tag))) return false;
  return tags.length === 0 || own.some((tag) => tags.includes(tag));
}

/** Any of the filters. */
function matches({ file, name, caseName }: Omit<SuiteCase, 'index'>, filters: readonly Filter[]): boolean {
  const text = [file, name, caseName ?? ''].join(' ');
  return (
    filters.length === 0 ||
    filters.some((filter) =>
      typeof filter === 'string' ? text.toLowerCase().includes(filter.toLowerCase()) : filter.test(text),
    )
  );
}
