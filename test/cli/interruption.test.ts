import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { watchSignals } from '../../cli/interruption.ts';

describe('being told to stop', () => {
  function watch() {
    const source = new EventEmitter();
    const exits: number[] = [];
    const timers: (() => void)[] = [];
    const interruption = watchSignals({
      source,
      exit: (code) => exits.push(code),
      after: (_ms, callback) => timers.push(callback),
    });
    return { source, exits, timers, interruption };
  }

  it.each([
    ['SIGINT', 'interrupted', 130],
    ['SIGTERM', 'terminated', 143],
    ['SIGHUP', 'hungUp', 129],
  ] as const)('%s: stop, kill, leave', (signal, ending, code) => {
    const { source, exits, interruption } = watch();
    expect([interruption.ending(), interruption.signal.aborted]).toEqual([undefined, false]);
    source.emit(signal);
    expect([interruption.ending(), interruption.signal.aborted, interruption.kill.aborted]).toEqual([
      ending,
      true,
      false,
    ]);
    source.emit(signal);
    expect([interruption.kill.aborted, exits]).toEqual([true, []]);
    source.emit(signal);
    expect(exits).toEqual([code]);
  });

  it('leaves if killing takes too long', () => {
    const { source, exits, timers } = watch();
    source.emit('SIGTERM');
    expect(timers).toHaveLength(0);
    source.emit('SIGINT');
    timers[0]?.();
    expect(exits).toEqual([143]);
  });

  it('keeps the first signal', () => {
    const { source, interruption } = watch();
    source.emit('SIGHUP');
    source.emit('SIGINT');
    expect([interruption.ending(), interruption.kill.aborted]).toEqual(['hungUp', true]);
  });

  it('takes a reader who leaves for a reason to stop, but not for a second request', () => {
    const { exits, interruption } = watch();
    interruption.outputClosed();
    expect([interruption.ending(), interruption.signal.aborted]).toEqual(['outputClosed', true]);
    interruption.outputClosed();
    expect([interruption.kill.aborted, exits]).toEqual([false, []]);
  });

  it('is hung up when a terminal is closed, whichever it sees first', () => {
    for (const closeFirst of [true, false]) {
      const { source, interruption } = watch();
      if (closeFirst) interruption.outputClosed();
      source.emit('SIGHUP');
      if (!closeFirst) interruption.outputClosed();
      expect([interruption.ending(), interruption.kill.aborted]).toEqual(['hungUp', false]);
    }
  });

  it('stops listening', () => {
    const { source, interruption } = watch();
    interruption.close();
    source.emit('SIGINT');
    expect(interruption.ending()).toBeUndefined();
    expect(source.eventNames()).toEqual([]);
  });
});
