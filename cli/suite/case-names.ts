/**
 * What a case is called where names matter: on disk, and from one run of a suite to the next.
 */
import { relative, resolve } from 'node:path';
import type { SuiteCase } from '../../engine/command.ts';

const mostInSlug = 60;
const digits = 4;

/**
 * The name of a folder for a case: `0003-toilet-five-stalls`. A case may be called anything, so only letters that every file system
 * and every uploader takes are kept of that; the place makes it unique.
 */
export function folderName(place: number, { file, caseName, judge }: SuiteCase): string {
  const words = [file.replace(/^.*\//, '').replace(/\.(?:ya?ml|json)$/, ''), caseName ?? '', judge ?? ''];
  const slug = words
    .join('-')
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .slice(0, mostInSlug)
    .replaceAll(/^-+|-+$/g, '')
    .toLowerCase();
  const number = String(place + 1).padStart(digits, '0');
  return slug === '' ? number : `${number}-${slug}`;
}

/** The same text for the same case, whatever the order or the number of cases, in suites that are started in the same folder. */
export function caseKey({ file, caseName, judge }: Omit<SuiteCase, 'index'>): string {
  return JSON.stringify([file === '-' ? '-' : relative('.', resolve(file)), caseName, judge]);
}
