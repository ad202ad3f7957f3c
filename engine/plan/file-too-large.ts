/**
 * The error of a `load` whose file holds more than a value may be: one that a scenario can catch, as the system's own.
 */
export const fileTooLarge = { name: 'OSError', message: '[Errno 27] File too large' } as const;
