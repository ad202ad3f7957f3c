/**
 * The words for what tasks do with resources, as the live view, the log of a run and a counterexample show it. Each
 * primitive has them in its own file.
 */
export type OperationWords = {
  /** While it waits; `name` is in backticks, as in every sentence. */
  readonly waits: (name: string) => string;
  /** When it has happened. */
  readonly did: (name: string) => string;
};

export const takes: OperationWords = {
  waits: (name) => `waiting for ${name}`,
  did: (name) => `took ${name}`,
};

export const releases: OperationWords = {
  waits: (name) => `releasing ${name}`,
  did: (name) => `released ${name}`,
};
