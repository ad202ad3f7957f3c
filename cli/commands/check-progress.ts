/**
 * How far a search is, while it works: a line of a terminal that is written again and again, or now and then a line of its
 * own where nobody can take one back. On standard error: what was found is for standard output.
 */
import type { CheckProgress, Plan } from '../../engine/command.ts';
import { harmless } from '../../engine/harmless.ts';
import type { Engine, Host } from '../host.ts';

export type Progress = {
  readonly tell: (progress: CheckProgress) => void;
  /** Nothing of it stays on a terminal. */
  readonly end: () => void;
};

const liveMs = 100;
const plainMs = 10_000;
const megabyte = 1 << 20;

/** @param isSilent nobody wants to see it */
export function openProgress(engine: Engine, host: Host, plan: Plan, isSilent: boolean): Progress {
  if (isSilent) return { tell: () => {}, end: () => {} };
  const { live } = engine.chooseUse({ ...host.stderr.facts, env: host.env });
  const every = live ? liveMs : plainMs;
  const startMs = host.now();
  let toldMs = startMs;
  let isShown = false;
  return {
    tell(progress) {
      const nowMs = host.now();
      if (nowMs - toldMs < every) return;
      toldMs = nowMs;
      const text = progressText(plan, progress, nowMs - startMs);
      isShown = live;
      host.stderr.write(live ? `\r${cut(text, host)}\u001b[K` : `${text}\n`);
    },
    end() {
      if (isShown) host.stderr.write('\r\u001b[K');
    },
  };
}

/** `toilet (five-stalls): 1,234,567 states, 250,000 a second, 34 steps deep, 12 MB` */
function progressText(plan: Plan, { states, depth, bytes }: CheckProgress, ms: number): string {
  const name = plan.caseName === undefined ? plan.name : `${plan.name} (${plan.caseName})`;
  const rate = Math.round(states / Math.max(0.001, ms / 1000));
  const facts = [
    `${grouped(states)} states`,
    `${grouped(rate)} a second`,
    `${grouped(depth)} steps deep`,
    `${grouped(Math.ceil(bytes / megabyte))} MB`,
  ];
  return `${harmless(name)}: ${facts.join(', ')}`;
}

/** A line that wraps could not be taken back. */
function cut(text: string, { stderr }: Host): string {
  const columns = stderr.facts.columns ?? 80;
  return text.length < columns ? text : `${text.slice(0, Math.max(0, columns - 2))}…`;
}

/** `1,000` */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
