/**
 * How much a scenario may be: past these, loading says so at once instead of taking long.
 */
export const limits = {
  /** UTF-16 code units of text. */
  text: 256 * 1024,
  /** Collections within collections, aliases followed. */
  depth: 200,
  /** Values that all aliases together stand for. */
  aliased: 100_000,
  /** Entries of one list or map of the language's own (data may have more). */
  entries: 10_000,
  /** Findings that are reported. */
  findings: 100,
} as const;
