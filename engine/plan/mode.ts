/**
 * How a plan is run: by the system's threads and processes, or in virtual time.
 */
export const modes = ['real', 'virtual'] as const;

export type Mode = (typeof modes)[number];
