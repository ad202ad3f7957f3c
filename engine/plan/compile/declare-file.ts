/**
 * Files: real ones, inside the run's workspace and nowhere else.
 */
import type { Path } from '../../document/document.ts';
import type { File } from '../../document/scenario.generated.ts';
import type { FileResource, Resource } from '../plan.ts';
import type { Planning } from './planning.ts';
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

/** One file under two names would be two resources, which is a lie about who touches what. */
function isTaken({ document, report, resources }: Planning, added: readonly Resource[], path: Path): boolean {
  const paths = new Map(
    resources.list().flatMap((one) => (one.kind === 'file' ? [[one.path, one.name]] : [])),
  );
  const taken = added.find((one) => one.kind === 'file' && paths.has(one.path));
  if (taken?.kind !== 'file') return false;
  report(
    'bad-path',
    document.spanAt(path),
    `\`${paths.get(taken.path)}\` is the file \`${taken.path}\` already`,
  );
  return true;
}
