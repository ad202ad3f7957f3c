/**
 * What the values of options mean, and what is said about those that mean nothing.
 */
import { InvalidArgumentError } from 'commander';
import type { Mode } from '../../engine/command.ts';

/** One `--set name=value`; the engine decides what the text stands for. */
export type Setting = readonly [name: string, text: string];

/** How scenarios are run, one or a whole suite. */
export type RunSettings = {
  readonly set: readonly Setting[];
  readonly seed?: number;
  readonly repeat: number;
  /** As written: the engine reads lengths of time. */
  readonly timeout?: string;
  readonly mode: Mode;
  /** Commands and functions of scenarios are refused. */
  readonly noExec?: true;
};

export const greatestSeed = 2 ** 32 - 1;
export const mostRepeats = 1_000_000;

/** `visitors=20`, added to those before it. */
export function addSetting(text: string, settings: readonly Setting[] = []): readonly Setting[] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError('It must be name=value, such as visitors=20.');
  return [...settings, [name, value]];
}

/** A parser of whole numbers in that range, both ends included. */
export function wholeNumber(least: number, greatest: number) {
  return (text: string) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= greatest) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${greatest}.`);
  };
}
