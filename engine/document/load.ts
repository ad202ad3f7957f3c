/**
 * From the text of a scenario to a validated document, or to everything that is wrong with it.
 *
 * The way: YAML (mended where its traps struck) → a tree of our own → shorthands expanded, steps found → validated →
 * names checked. Each stage reports what it finds, and the next goes on with what there is.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { finding, hasErrors, inOrder } from '../diagnostic/finding.ts';
import type { Source } from '../source/source.ts';
import { decodeSource } from './decode.ts';
import type { Document } from './document.ts';
import { expandScenario } from './expand.ts';
import { scenarioShape } from './language/scenario-keys.ts';
import { limits } from './limits.ts';
import { checkCaseNames, checkNamespace } from './names.ts';
import { dataOf, described, type MapNode, type Node, spanAt } from './node.ts';
import type { Scenario } from './scenario.generated.ts';
import { validateScenario } from './validate.ts';
import { readSyntax, type Syntax } from './yaml/syntax.ts';
import { buildTree } from './yaml/tree.ts';

export type Loaded = {
  /** Only where no finding is an error. */
  readonly document?: Document;
  /** In order of place; at most `limits.findings` and one that says that there are more. */
  readonly diagnostics: readonly Diagnostic[];
};

/**
 * Loads a scenario. Total: any text at all gives a document or an error, in bounded time.
 */
export function loadDocument(source: Source): Loaded {
  const undecodable = source.bytes === undefined ? [] : decodeSource(source.bytes, source.file).diagnostics;
  if (undecodable.length > 0) return { diagnostics: undecodable };
  if (source.text.length > limits.text) return { diagnostics: [tooLarge(source)] };
  const syntax = readSyntax(source);
  if (!syntax.document)
    return { diagnostics: limited([...syntax.diagnostics, ...emptyUnlessFound(syntax.diagnostics)]) };
  const tree = buildTree(syntax.document.contents, source, syntax.text);
  const trusted = (found: readonly Diagnostic[]) =>
    found.filter((diagnostic) => canBeTrusted(diagnostic, syntax));
  const before = [...syntax.diagnostics, ...trusted(tree.diagnostics)];
  if (tree.root.kind !== 'map')
    return { diagnostics: limited([...before, ...notAScenario(tree.root, before)]) };
  const { root, found } = structure(tree.root);
  const diagnostics = limited([...before, ...trusted(found).filter(isNoConsequence(tree.diagnostics))]);
  if (hasErrors(diagnostics)) return { diagnostics };
  return { document: documentOf(source, root), diagnostics };
}

function structure(tree: MapNode): { readonly root: Node; readonly found: readonly Diagnostic[] } {
  if (![...tree.entries.keys()].some((key) => Object.hasOwn(scenarioShape.keys, key)))
    return { root: tree, found: [foreign(tree)] };
  const { root, steps, diagnostics } = expandScenario(tree);
  const namespace = root.kind === 'map' ? [...checkNamespace(root), ...checkCaseNames(root)] : [];
  return { root, found: [...diagnostics, ...validateScenario(root, steps), ...namespace] };
}

function documentOf(source: Source, root: Node): Document {
  return {
    source,
    // The validators accepted it: this is the one place where data becomes typed.
    scenario: dataOf(root) as unknown as Scenario,
    spanAt: (path, part) => spanAt(root, path, part),
  };
}

/**
 * Where the syntax broke, structure further on, and what is missing before it, mean nothing; nor does a key whose value
 * broke; nor does what was mended.
 */
function canBeTrusted({ span, code }: Diagnostic, { brokenAt, mended, text }: Syntax): boolean {
  if (mended.some(({ start, end }) => start <= span.start && span.start < end)) return false;
  if (brokenAt === Number.POSITIVE_INFINITY) return true;
  const isBefore = span.end <= brokenAt && code !== 'missing-key';
  const between = text.slice(span.end, brokenAt).replaceAll(/#.*/g, '').trim();
  return isBefore && between !== ':';
}

/** Where an alias or a number stands for nothing, it is no use to say that nothing is of the wrong type. */
function isNoConsequence(ofTree: readonly Diagnostic[]): (diagnostic: Diagnostic) => boolean {
  const broken = new Set(
    ofTree.filter(({ code }) => /alias|out-of-range/.test(code)).map(({ span }) => span.start),
  );
  return ({ span }) => !broken.has(span.start);
}

function limited(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const all = inOrder(diagnostics);
  if (all.length <= limits.findings) return all;
  const kept = all.slice(0, limits.findings);
  const start = (kept.at(-1)?.span.start ?? 0) + 1;
  return [
    ...kept,
    finding('too-many-findings', { start, end: start }, 'there are more findings than these', {
      help: 'correct these first',
    }),
  ];
}

function tooLarge(source: Source): Diagnostic {
  const message = `the file has ${source.text.length} characters, the limit is ${limits.text}`;
  return finding('file-too-large', { start: 0, end: 0 }, message, {
    help: 'keep data in files of its own, and `load` them',
  });
}

function emptyUnlessFound(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  if (hasErrors(diagnostics)) return [];
  return [
    finding('empty-file', { start: 0, end: 0 }, 'there is no scenario here', {
      help: 'begin with `concur: 1` and a task',
    }),
  ];
}

function notAScenario(root: Node, before: readonly Diagnostic[]): readonly Diagnostic[] {
  if (root.kind === 'scalar' && root.value === null) return emptyUnlessFound(before);
  if (before.some(({ code }) => code === 'yaml-syntax')) return [];
  const help = 'begin with `concur: 1` and a task';
  return [
    finding('wrong-type', root.span, `a scenario is keys with values, not ${described(root)}`, { help }),
  ];
}

function foreign(tree: MapNode): Diagnostic {
  const [first] = tree.entries.values();
  const help = 'begin the file with `concur: 1`, and declare `tasks`';
  return finding(
    'missing-version',
    first?.key ?? tree.span,
    'this is no concur scenario: `concur` is missing',
    { help },
  );
}
