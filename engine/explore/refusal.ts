/**
 * What keeps a search from a scenario, and where that is; no place where it is all of it.
 */
import type { Span } from '../source/source.ts';

export type Refusal = { readonly span: Span | null; readonly reason: string };
