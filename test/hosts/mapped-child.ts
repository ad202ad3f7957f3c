/**
 * What the children of the tests do: a job by name, over inherited memory, with the real mutex.
 */
import { deserialize } from 'node:v8';
import { openInheritance } from '../../engine/hosts/processes/inheritance.ts';
import { Mutex } from '../../engine/kernel/runtime/mutex.ts';
import { type Job, WORD } from './mapped-job.ts';

function main(): void {
  const inheritance = openInheritance();
  const job = deserialize(inheritance.plan) as Job;
  const { memory, process: number } = inheritance;
  const { words, parking } = memory;
  const mutex = new Mutex({
    words,
    index: WORD.mutex,
    carrier: number,
    condemnedIndexOf: (carrier) => WORD.condemned + carrier,
    parking,
    spins: 20,
    patienceMs: 50,
  });

  const announce = (): void => {
    Atomics.store(words, WORD.began + number, 1);
    Atomics.add(words, WORD.started, 1);
    inheritance.ring();
  };

  /** @returns false: condemned */
  const count = (rounds: number): boolean => {
    for (let round = 0; round < rounds; round++) {
      if (!mutex.enter()) return false;
      words[WORD.counter] = words[WORD.counter]! + 1;
      mutex.leave();
    }
    return true;
  };

  const sleepForEver = (): never => {
    for (;;) parking.wait(words, WORD.go, 0, Infinity);
  };

  const jobs = {
    count: () => {
      announce();
      while (Atomics.load(words, WORD.go) === 0) parking.wait(words, WORD.go, 0, Infinity);
      count(job.rounds ?? 0);
    },
    countForEver: () => {
      announce();
      while (count(1000));
    },
    stopInside: () => {
      mutex.enter();
      announce();
      process.kill(process.pid, 'SIGSTOP');
    },
    dieInside: () => {
      mutex.enter();
      announce();
      process.kill(process.pid, 'SIGKILL');
    },
    sleep: () => {
      announce();
      sleepForEver();
    },
    fail: () => {
      throw new Error('this child fails on purpose');
    },
    startSleeper: () => {
      const { spawn } = process.getBuiltinModule('child_process');
      const sleeper = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      words[WORD.grandchild] = sleeper.pid ?? 0;
      announce();
      sleepForEver();
    },
    exit: () => {
      announce();
      inheritance.exit(7);
    },
  } satisfies Record<Job['kind'], () => void>;
  jobs[job.kind]();
}

main();
