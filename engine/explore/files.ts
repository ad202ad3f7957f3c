/**
 * Files in a search: what is in one is a word of core, as all else that is true. It is loaded and saved in the moment in
 * which it is asked for.
 */

import type { Value, ValueMap } from '../expression/values/value.ts';
import { textFromValue } from '../expression/values/value-text.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { answer, askedBy } from '../kernel/runtime/service.ts';
import { encode } from '../log/codec.ts';
import { services } from '../log/record.ts';
import type { Resource } from '../plan/plan.ts';

export type FileAnswers = {
  /** Puts what the files hold at first into core. */
  readonly begin: () => void;
  /** Answers the task that asks. */
  readonly answer: (task: number) => void;
};

/** In a file's word: it is not there. */
const NO_FILE = 0;

export function serveFiles(k: Kernel): FileAnswers {
  const cellOf = (file: number): number => k.layout.resourceAt[file] as number;
  // A file that is there holds a list of its one value, so that no content is the word of a file that is missing.
  const keep = (file: number, value: Value): void => {
    k.words[cellOf(file)] = k.wordOf([asWritten(k.plan.resources[file], value)]);
  };
  return {
    begin: () =>
      k.plan.resources.forEach((resource, file) => {
        if (resource.kind === 'file' && resource.content !== undefined) keep(file, resource.content);
      }),
    answer: (task) => {
      const asked = askedBy(k, task);
      if (asked === undefined) throw new Error('bug in concur: a task asks for nothing');
      const request = k.value(asked.word) as ValueMap;
      const file = Number(request['file'] ?? 0n);
      const service = services[asked.service];
      if (service !== 'load' && service !== 'save')
        throw new Error(`bug in concur: a search cannot ${service}`);
      if (service === 'save') keep(file, request['value'] ?? null);
      const reply = service === 'save' ? { value: null } : loaded(k, cellOf(file), file);
      answer(k, asked, encode(reply));
    },
  };
}

function loaded(k: Kernel, cell: number, file: number): Value {
  const word = k.words[cell] as number;
  if (word !== NO_FILE) return { value: (k.value(word) as readonly Value[])[0] ?? null };
  const resource = k.plan.resources[file];
  const path = resource?.kind === 'file' ? resource.path : '';
  return { error: { name: 'FileNotFoundError', message: `[Errno 2] No such file or directory: '${path}'` } };
}

/** What is read again after a value was written: a file of text gives text. */
function asWritten(resource: Resource | undefined, value: Value): Value {
  return resource?.kind === 'file' && resource.format === 'text' ? textFromValue(value) : value;
}
