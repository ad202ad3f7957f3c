/**
 * Files where there is no real time: what is in one is a word of core, as all else that is true. Nothing is ever read from
 * or written to a disk.
 */

import type { Value, ValueMap } from '../expression/values/value.ts';
import { textFromValue } from '../expression/values/value-text.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { storeValue } from '../kernel/memory/values.ts';
import { answer, askedBy, inNameOf } from '../kernel/runtime/service.ts';
import { encode } from '../log/codec.ts';
import { EXHAUSTED, Exhausted } from '../log/exhausted.ts';
import { int } from '../log/int.ts';
import { numbered } from '../log/numbered.ts';
import { textWords } from '../log/text-words.ts';
import { fileTooLarge } from '../plan/file-too-large.ts';
import { services } from '../plan/instruction.ts';
import type { Resource } from '../plan/plan.ts';

/** What files hold, by their numbers; those that are not there are missing. */
export type FileContents = ReadonlyMap<number, Value>;

/** A file's word: it is not there. */
const NO_FILE = 0;
/** It holds the integer 0, whose own word says that there is no file. No value has this word. */
const HOLDS_ZERO = -1;

/**
 * In the critical section: what the files hold at first.
 *
 * @param left what an earlier run left in them; without it they begin as the scenario says
 * @throws Exhausted
 */
export function fillFiles(k: Kernel, left?: FileContents): void {
  k.plan.resources.forEach((resource, file) => {
    if (resource.kind !== 'file') return;
    const content = left === undefined ? resource.content : left.get(file);
    if (content !== undefined) keep(k, file, content);
  });
}

export function contentsOf(k: Kernel): FileContents {
  const contents = new Map<number, Value>();
  k.plan.resources.forEach(({ kind }, file) => {
    const content = kind === 'file' ? contentOf(k, file) : undefined;
    if (content !== undefined) contents.set(file, content);
  });
  return contents;
}

/**
 * In the critical section: loads or saves what the task asks for, if it does.
 *
 * @returns false where it asks for something else, which nobody can do here
 * @throws Exhausted
 */
export function answerFromFiles(k: Kernel, task: number): boolean {
  const asked = askedBy(k, task);
  if (asked === undefined) return true;
  const service = numbered(services, asked.service);
  if (service !== 'load' && service !== 'save') return false;
  const request = k.value(asked.word) as ValueMap;
  const file = Number(request['file'] ?? 0n);
  if (service === 'save') inNameOf(asked, () => keep(k, file, request['value'] ?? null));
  answer(k, asked, encode(service === 'save' ? { value: null } : loaded(k, file)));
  return true;
}

/** A value may be longer here than elsewhere in a run: the text of one is, and a scenario may begin with any. */
function keep(k: Kernel, file: number, value: Value): void {
  const content = asWritten(k.plan.resources[file], value);
  const word = storeValue(content, k.values);
  if (word === undefined) throw new Exhausted(EXHAUSTED.values, textWords(encode(content)));
  k.words[cellOf(k, file)] = word === NO_FILE ? HOLDS_ZERO : word;
}

function contentOf(k: Kernel, file: number): Value | undefined {
  const word = int(k.words[cellOf(k, file)]);
  if (word === NO_FILE) return undefined;
  return word === HOLDS_ZERO ? 0n : k.value(word);
}

function cellOf(k: Kernel, file: number): number {
  return int(k.layout.resourceAt[file]);
}

function loaded(k: Kernel, file: number): Value {
  const content = contentOf(k, file);
  if (content !== undefined) return k.fits(encode(content)) ? { value: content } : { error: fileTooLarge };
  const resource = k.plan.resources[file];
  const path = resource?.kind === 'file' ? resource.path : '';
  return { error: { name: 'FileNotFoundError', message: `[Errno 2] No such file or directory: '${path}'` } };
}

/** What is read again after a value was written: a file of text gives text. */
function asWritten(resource: Resource | undefined, value: Value): Value {
  return resource?.kind === 'file' && resource.format === 'text' ? textFromValue(value) : value;
}
