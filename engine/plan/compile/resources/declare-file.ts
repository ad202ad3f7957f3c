/**
 * Files: real ones, inside the run's workspace and nowhere else.
 */
import type { Path } from '../../../document/document.ts';
import type { File } from '../../../document/scenario.generated.ts';
import type { FileResource, Resource } from '../../plan.ts';
import type { Planning } from '../planning.ts';
import { type Declared, elementNames, type Site } from './resource-site.ts';

export function declareFile(site: Site, file: File): Declared | undefined {
  const { planning, path, first, count, array, common } = site;
  const { constants } = planning;
  const written =
    file.path === undefined ? site.name : constants.text({ data: file.path, path: [...path, 'path'] });
  const relative = written === undefined ? undefined : insidePath(planning, written, [...path, 'path']);
  const content =
    file.content === undefined
      ? undefined
      : constants.value({ data: file.content, path: [...path, 'content'] });
  if (relative === undefined || (file.content !== undefined && content === undefined)) return undefined;
  const format = file.format ?? formatOf(relative);
  const resources = elementNames(site).map((name, index): Resource => {
    const own = { kind: 'file', path: array ? numbered(relative, index) : relative, format } as const;
    return { name, ...common, ...own, ...(content === undefined ? {} : { content }) };
  });
  if (isTooLong(planning, resources, [...path, 'path'])) return undefined;
  if (isTaken(planning, resources, [...path, 'path'])) return undefined;
  return { resources, binding: { kind: 'resource', resource: 'file', first, count, array } };
}

/** The path with `/` between its parts; undefined if it leads out of the workspace, or nowhere. */
function insidePath({ document, report }: Planning, written: string, path: Path): string | undefined {
  const parts = written.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
  const say = (message: string): undefined => {
    const help = 'write a path inside the workspace, such as data/tickets.json';
    report('bad-path', document.spanAt(path), message, { help });
  };
  if (/^([\\/]|[A-Za-z]:)/.test(written)) return say('an absolute path leads out of the workspace');
  if (parts.includes('..')) return say('`..` leads out of the workspace');
  if (parts.length === 0 || /[\\/]$/.test(written) || written.includes('\0'))
    return say('this is no path of a file');
  return parts.join('/');
}

function formatOf(path: string): FileResource['format'] {
  if (/\.json$/i.test(path)) return 'json';
  return /\.ya?ml$/i.test(path) ? 'yaml' : 'text';
}

/** `tickets.json` becomes `tickets.0.json`. */
function numbered(path: string, index: number): string {
  return path.replace(/(\.[^./]*)?$/, (ending) => `.${index}${ending}`);
}

/** What Linux takes: of a name, and of a path, with room for the folder that it is in. */
const MOST_BYTES = { name: 255, path: 3072 } as const;

function isTooLong({ document, report }: Planning, added: readonly Resource[], path: Path): boolean {
  const paths = added.flatMap((one) => (one.kind === 'file' ? [one.path] : []));
  const names = paths.flatMap((one) => one.split('/'));
  const say = (what: keyof typeof MOST_BYTES): true => {
    report('bad-path', document.spanAt(path), `a ${what} of a file has at most ${MOST_BYTES[what]} bytes`, {
      help: 'give it a shorter one: a letter beyond ASCII has two bytes or more',
    });
    return true;
  };
  if (names.some((name) => bytesOf(name) > MOST_BYTES.name)) return say('name');
  return paths.some((one) => bytesOf(one) > MOST_BYTES.path) && say('path');
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** One file under two names would be two resources, which is a lie about who touches what; and no file is a folder. */
function isTaken({ document, report, resources }: Planning, added: readonly Resource[], path: Path): boolean {
  const files = resources.list().filter((one) => one.kind === 'file');
  const paths = new Map(files.map((one) => [one.path, one.name]));
  const folders = new Map(files.flatMap((one) => foldersOf(one.path).map((folder) => [folder, one.name])));
  for (const one of added) {
    if (one.kind !== 'file') continue;
    const problem = problemOf(one.path);
    if (problem === undefined) continue;
    report('bad-path', document.spanAt(path), problem);
    return true;
  }
  return false;

  function problemOf(own: string): string | undefined {
    if (paths.has(own)) return `\`${paths.get(own)}\` is the file \`${own}\` already`;
    if (folders.has(own)) return `\`${own}\` is a folder already: \`${folders.get(own)}\` is in it`;
    const file = foldersOf(own).find((folder) => paths.has(folder));
    return file === undefined
      ? undefined
      : `\`${paths.get(file)}\` is the file \`${file}\`, which is no folder`;
  }
}

/** `a/b/c` is in `a` and in `a/b`. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
