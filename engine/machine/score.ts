/**
 * A run as a list of turns, for carriers that are to do the same again: which task goes on from where, to where, and what time it
 * is then. A schedule says less, and outlives edits; it is played in virtual time, and what comes about there is the score.
 */

export type TurnEnd = 'moved' | 'parked' | 'ended';

export type Turn = {
  readonly task: number;
  /** The instruction it is at. */
  readonly pc: number;
  readonly atUs: number;
  /** What it came to. */
  readonly end: TurnEnd;
  /** What chance decides in it, as far as it is decided. */
  readonly choices: readonly number[];
};

export type Score = {
  readonly turns: readonly Turn[];
  /** By program, then by place: 1 where a turn ends. */
  readonly stops: readonly Uint8Array[];
};
