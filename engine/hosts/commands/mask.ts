/**
 * Secrets: the values of environment variables that the scenario names are taken out of everything that is told of a run,
 * before anybody hears it. What tasks themselves compute with stays as it is.
 */

import type { Value } from '../../expression/values/value.ts';
import type { Event } from '../../log/event.ts';
import type { Plan } from '../../plan/plan.ts';

export type Mask = {
  readonly text: (text: string) => string;
  /** The same event where there is nothing to hide. */
  readonly event: (event: Event) => Event;
  readonly value: (value: Value) => Value;
};

const SHOWN = '***';
/** Shorter ones are no secrets: what contains them by chance would be spoilt. */
const SHORTEST = 3;

export function createMask({ secrets = [] }: Plan, env: NodeJS.ProcessEnv): Mask | undefined {
  const lines = secrets.flatMap((name) => [env[name] ?? '', ...(env[name] ?? '').split(/\r?\n/)]);
  const hidden = [...new Set(lines)].filter(({ length }) => length >= SHORTEST);
  if (hidden.length === 0) return undefined;
  hidden.sort((a, b) => b.length - a.length);
  const text = (shown: string): string => hidden.reduce((rest, one) => rest.replaceAll(one, SHOWN), shown);
  const value = (given: Value): Value => {
    if (typeof given === 'string') return text(given);
    if (Array.isArray(given)) return given.map(value);
    if (typeof given !== 'object' || given === null) return given;
    return Object.fromEntries(Object.entries(given).map(([key, one]) => [text(key), value(one)]));
  };
  const event = (given: Event): Event => {
    switch (given.type) {
      case 'printed':
        return { ...given, text: text(given.text) };
      case 'operated':
      case 'wrote':
        return { ...given, value: value(given.value) };
      case 'answered':
        return { ...given, answer: value(given.answer) };
      case 'raised':
        return { ...given, error: { name: text(given.error.name), message: text(given.error.message) } };
      case 'ended':
        if (given.error === null) return given;
        return { ...given, error: { name: text(given.error.name), message: text(given.error.message) } };
      default:
        return given;
    }
  };
  return { text, event, value };
}
