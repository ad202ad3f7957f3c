/**
 * The exhaustive test can fail: each mutation removes one thing that the shipped mutex needs, and must be found out.
 */
import { readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { exploreScene, type MutexClass, type SceneName, scenes } from './mutex-scenes.ts';

type Mutation = {
  readonly without: string;
  readonly from: string;
  readonly to: string;
  readonly by: SceneName;
  readonly finds: RegExp;
};

const mutations: readonly Mutation[] = [
  {
    without: 'exclusion',
    from: 'if (Atomics.compareExchange(this.#words, this.#index, FREE, this.#mine) !== FREE)',
    to: 'if (Atomics.load(this.#words, this.#index) === FREE) Atomics.exchange(this.#words, this.#index, this.#mine); else',
    by: '2 carriers × 3 rounds',
    finds: /two carriers inside|not held/,
  },
  {
    without: 'the contended bit of those who go to sleep',
    from: 'const waited = seen | CONTENDED;',
    to: 'const waited = seen;',
    by: '2 carriers × 3 rounds',
    finds: /lost wake-up/,
  },
  {
    without: 'the contended bit of those who slept',
    from: 'claim = this.#mine | CONTENDED;\n    }',
    to: '}',
    by: '3 carriers',
    finds: /lost wake-up/,
  },
  {
    without: 'setting the contended bit before giving up',
    from: 'const waited = seen | CONTENDED;',
    to: 'const waited = seen | CONTENDED; if (slept >= sleeps) return false;',
    by: 'one tries with a sleep',
    finds: /lost wake-up/,
  },
  {
    without: 'looking again before sleeping',
    from: 'this.#parking.wait(this.#words, this.#index, waited,',
    to: 'this.#parking.wait(this.#words, this.#index, Atomics.load(this.#words, this.#index),',
    by: '2 carriers × 3 rounds',
    finds: /lost wake-up/,
  },
  {
    without: 'a wake on leaving',
    from: 'this.#parking.notify(this.#words, this.#index, 1);\n  }\n}',
    to: '}\n}',
    by: '2 carriers × 3 rounds',
    finds: /lost wake-up/,
  },
  {
    without: 'a wake on withdrawing',
    from: 'if ((seen & CONTENDED) !== 0) this.#parking.notify(this.#words, this.#index, 1);',
    to: '',
    by: 'condemned, but alive',
    finds: /lost wake-up/,
  },
  {
    without: 'the look at the own flag',
    from: 'if (this.#words[this.#condemnedIndex] === 0) return true;\n    this.#withdraw();\n    return false;\n  }\n\n  /**\n   * As `enter`',
    to: 'return true;\n  }\n\n  /**\n   * As `enter`',
    by: 'condemned and killed, 2 carriers',
    finds: /write by 0, which is condemned/,
  },
  {
    without: 'the look at the flag after taking the mutex (only before)',
    from: 'enter(): boolean {',
    to: 'enter(): boolean { if (this.#words[this.#condemnedIndex] === 1) return false; return this.enterBlindly(); }\n  enterBlindly(): boolean { this.#contend(Infinity); return true;',
    by: 'condemned and killed, 2 carriers',
    finds: /write by 0, which is condemned/,
  },
  {
    without: 'care in withdrawing',
    from: 'if (Atomics.compareExchange(this.#words, this.#index, seen, FREE) !== seen) continue;',
    to: 'Atomics.exchange(this.#words, this.#index, FREE);',
    by: 'condemned, but alive',
    finds: /two carriers inside|not held/,
  },
  {
    without: 'the flag that allows to take the mutex from its owner',
    from: 'return Atomics.load(this.#words, this.#condemnedIndexOf((seen >> 1) - 1)) !== 0;',
    to: 'return true;',
    by: '2 carriers × 3 rounds',
    finds: /two carriers inside|not held/,
  },
  {
    without: 'taking the mutex from a condemned owner',
    from: 'return Atomics.load(this.#words, this.#condemnedIndexOf((seen >> 1) - 1)) !== 0;',
    to: 'return false;',
    by: 'condemned and killed, 2 carriers',
    finds: /the dead are never cleared away/,
  },
];

/** The shipped text with one change, as a class of its own. */
async function mutate({ from, to }: Mutation): Promise<MutexClass> {
  const path = new URL('../../engine/kernel/runtime/mutex.ts', import.meta.url);
  const parts = readFileSync(path, 'utf8').split(from);
  if (parts.length < 2) throw new Error(`the mutex has no such text any more: ${from}`);
  const { code } = transformSync(parts.join(to), { loader: 'ts', target: 'node20', format: 'esm' });
  const module = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return (module as { Mutex: MutexClass }).Mutex;
}

describe('the explorer finds a mutex', () => {
  for (const mutation of mutations) {
    it(`without ${mutation.without}`, async () => {
      const { violation } = exploreScene(await mutate(mutation), scenes[mutation.by]);
      expect(violation).toMatch(mutation.finds);
    });
  }
});
