/**
 * From the bytes of a file to text, with what is no text as findings.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { finding } from '../diagnostic/finding.ts';
import type { Source } from '../source/source.ts';
import { limits } from './limits.ts';

export type Decoded = {
  /** Always there, so that findings can be shown: bytes that are no text are `\ufffd` in it. */
  readonly source: Source;
  /** Empty if the bytes are UTF-8 text. A byte order mark at the beginning is fine, and left out. */
  readonly diagnostics: readonly Diagnostic[];
};

/** Decodes a file's bytes. Never throws; reads no more than the limit of a scenario. */
export function decodeSource(bytes: Uint8Array, file: string): Decoded {
  if (bytes.length > 4 * limits.text) return tooLarge(file);
  const text = new TextDecoder('utf-8').decode(bytes);
  const source = { file, text };
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (utf16)
    return {
      source,
      diagnostics: [finding('invalid-utf8', start, 'this file is UTF-16', { help: 'save it as UTF-8' })],
    };
  if (bytes.includes(0)) {
    return {
      source,
      diagnostics: [
        finding('binary-file', start, 'this file is not text', { help: 'give the path of a scenario' }),
      ],
    };
  }
  const valid = validPrefix(bytes);
  if (valid === undefined) return { source, diagnostics: [] };
  const span = { start: valid.length, end: valid.length + 1 };
  return {
    source,
    diagnostics: [
      finding('invalid-utf8', span, 'this byte is not UTF-8', { help: 'save the file as UTF-8' }),
    ],
  };
}

const start = { start: 0, end: 0 };

function tooLarge(file: string): Decoded {
  const message = `the file has more than ${limits.text} characters`;
  const diagnostic = finding('file-too-large', start, message, {
    help: 'keep data in files of its own, and `load` them',
  });
  return { source: { file, text: '' }, diagnostics: [diagnostic] };
}

/** The text up to the first byte that is not UTF-8, found by halving; undefined if there is none. */
function validPrefix(bytes: Uint8Array): string | undefined {
  if (decoded(bytes, false) !== undefined) return undefined;
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (decoded(bytes.subarray(0, middle), true) === undefined) bad = middle;
    else good = middle;
  }
  return decoded(bytes.subarray(0, good), true) ?? '';
}

/** @param isPart the last character may be cut off */
function decoded(bytes: Uint8Array, isPart: boolean): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isPart });
  } catch {
    return undefined;
  }
}
