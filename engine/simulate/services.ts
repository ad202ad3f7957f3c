/**
 * Services where there is no real time: files are kept in memory. Commands and user code are stood for by their models,
 * which the machine plays; one without a model stops the run.
 */

import type { Value, ValueMap } from '../expression/values/value.ts';
import { textFromValue } from '../expression/values/value-text.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { answer, askedBy } from '../kernel/runtime/service.ts';
import { REQUEST, takeRequest } from '../kernel/waiting/external.ts';
import { encode } from '../log/codec.ts';
import { Exhausted } from '../log/exhausted.ts';
import { services } from '../log/record.ts';
import { fileTooLarge } from '../plan/file-too-large.ts';
import type { Resource } from '../plan/plan.ts';

export type VirtualServices = {
  /** Answers all that is asked for. @returns why the run cannot go on, in a sentence */
  readonly serve: () => string | undefined;
  /** What the files hold, by their numbers. */
  readonly files: Map<number, Value>;
  /** The same by name. */
  readonly contents: () => Readonly<Record<string, Value>>;
};

/** @param left what an earlier run left in the files, by their numbers; without it they begin as the scenario says */
export function createVirtualServices(k: Kernel, left?: Map<number, Value>): VirtualServices {
  const files = left ?? new Map<number, Value>();
  if (left === undefined) fill(k, files);
  return {
    serve: () => serveAll(k, files),
    files,
    contents: () =>
      Object.fromEntries([...files].map(([id, value]) => [k.plan.resources[id]?.name ?? '', value])),
  };
}

function fill(k: Kernel, files: Map<number, Value>): void {
  k.plan.resources.forEach((resource, id) => {
    if (resource.kind === 'file' && resource.content !== undefined)
      files.set(id, asWritten(resource, resource.content));
  });
}

function serveAll(k: Kernel, files: Map<number, Value>): string | undefined {
  k.enter();
  try {
    const cause = answerAll(k, files);
    k.leave();
    return cause;
  } catch (error) {
    if (!(error instanceof Exhausted)) throw error;
    k.runOut(error, 0, -1);
    return undefined;
  }
}

function answerAll(k: Kernel, files: Map<number, Value>): string | undefined {
  let cause: string | undefined;
  for (let next = takeRequest(k); next !== undefined; next = takeRequest(k)) {
    const asked = (next.bits & REQUEST.serve) === 0 ? undefined : askedBy(k, next.task);
    if (asked === undefined) continue;
    const reply = replyTo(services[asked.service] ?? 'call', k.value(asked.word) as ValueMap, files, k);
    if (reply === undefined) cause = refusal(k, asked.step);
    else answer(k, asked, encode(reply));
  }
  return cause;
}

function refusal(k: Kernel, step: number): string {
  const text = k.plan.steps[step]?.text ?? '';
  return `\`${text}\` has no model: without real time, say what it takes and gives (model: { takes: 1s, result: … })`;
}

function replyTo(
  service: string,
  request: ValueMap,
  files: Map<number, Value>,
  k: Kernel,
): Value | undefined {
  const file = Number(request['file'] ?? 0n);
  const resource = k.plan.resources[file];
  if (service === 'save') {
    files.set(file, asWritten(resource, request['value'] ?? null));
    return { value: null };
  }
  if (service !== 'load') return undefined;
  const content = files.get(file);
  if (content !== undefined && !k.fits(encode(content))) return { error: fileTooLarge };
  if (content !== undefined) return { value: content };
  const path = resource?.kind === 'file' ? resource.path : '';
  return { error: { name: 'FileNotFoundError', message: `[Errno 2] No such file or directory: '${path}'` } };
}

/** What is read again after a value was written: a file of text gives text. */
function asWritten(resource: Resource | undefined, value: Value): Value {
  return resource?.kind === 'file' && resource.format === 'text' ? textFromValue(value) : value;
}
