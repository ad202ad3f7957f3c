/**
 * What is known of the file of a user's own function that is not there.
 */
export type MissingModule = {
  /** Where it was looked for. */
  readonly path: string;
  /** What may be meant, as a scenario would name it. */
  readonly instead?: string;
};
