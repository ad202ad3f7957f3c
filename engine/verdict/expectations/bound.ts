/**
 * Bounds on what only grows: counts of lines, most holders, lengths of time.
 */
import type { Bound } from '../../plan/expectations.ts';

/** Whether that size is as the bound wants it. */
export function isWithin(size: number, { comparison, value }: Bound): boolean {
  switch (comparison) {
    case '==':
      return size === value;
    case '<=':
      return size <= value;
    case '>=':
      return size >= value;
    case '<':
      return size < value;
    case '>':
      return size > value;
  }
}

/** Whether a size that grows can still come within the bound, or leave it. */
export function canChange(size: number, { comparison, value }: Bound): boolean {
  switch (comparison) {
    case '==':
    case '<=':
      return size <= value;
    case '>=':
    case '<':
      return size < value;
    case '>':
      return size <= value;
  }
}

/** `3`, `<= 3` */
export function boundText({ comparison, value }: Bound): string {
  return comparison === '==' ? String(value) : `${comparison} ${value}`;
}
