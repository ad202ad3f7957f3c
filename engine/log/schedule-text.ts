/**
 * Schedules as texts: a file for keeping, and a line for pasting into a shell. Both have the version of their shape.
 *
 *     1:adder[0]@set+n*2,adder[1]@set+n,adder[0]@set+n#3
 *
 * In the line, steps of one task that follow one another with the same text are one entry with `*` and their number. `#` and
 * a number: the so manieth time, where it is not the next one; `!`: late; `?` and numbers: what chance decides; `~` and a
 * number: how long lasts what begins, in microseconds. A line of steps in which durations count begins with `1t:`. At the end
 * `:` and a number: what comes behind so many steps comes again and again.
 */
import type { SavedSchedule, ScheduleMove } from './schedule.ts';

const VERSION = 1;

export type ParsedSchedule = SavedSchedule | { readonly mistake: string };

export function scheduleDocument(saved: SavedSchedule): string {
  const { scenario, caseName, set, seed, breaks, loopFrom } = saved;
  const moves = saved.moves.map(({ task, step, time, late, choices, lengthUs }) => ({
    ...{ task, step, time },
    ...(late ? { late } : {}),
    ...(choices.length === 0 ? {} : { choices }),
    ...(lengthUs === undefined ? {} : { lengthUs }),
  }));
  const time = isInTime(saved.moves) ? { time: 'ordered' } : {};
  const loop = loopFrom === undefined ? {} : { loopFrom };
  const head = { concurSchedule: VERSION, scenario, case: caseName, set, seed, breaks, ...time, ...loop };
  const lines = moves.map((move) => `    ${JSON.stringify(move)}`).join(',\n');
  const text = JSON.stringify({ ...head, moves: [] }, null, 2);
  return `${text.replace(/"moves": \[\]\n}$/, `"moves": [\n${lines}\n  ]\n}`)}\n`;
}

/** Nothing in it is believed: files are edited by hand. */
export function parseScheduleDocument(text: string): ParsedSchedule {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { mistake: 'it is no JSON' };
  }
  if (!isObject(json) || json['concurSchedule'] === undefined)
    return { mistake: 'it is no schedule of concur' };
  if (json['concurSchedule'] !== VERSION)
    return { mistake: `it is of version ${String(json['concurSchedule'])}, and this one knows ${VERSION}` };
  const { scenario, case: caseName, set, seed, breaks, time, moves, loopFrom } = json;
  if (!Array.isArray(moves)) return { mistake: 'it has no `moves`' };
  const read = moves.map((move: unknown) => moveOf(move, time === 'ordered'));
  const wrong = read.indexOf(undefined);
  if (wrong >= 0) return { mistake: `number ${wrong + 1} of its \`moves\` is none` };
  if (loopFrom !== undefined && !isBefore(loopFrom, moves.length))
    return { mistake: 'its `loopFrom` is no number of moves that others come behind' };
  return {
    scenario: typeof scenario === 'string' ? scenario : '',
    caseName: typeof caseName === 'string' ? caseName : null,
    set: isObject(set)
      ? Object.fromEntries(Object.entries(set).map(([name, one]) => [name, String(one)]))
      : {},
    seed: typeof seed === 'number' && Number.isSafeInteger(seed) && seed >= 0 ? seed : 1,
    breaks: typeof breaks === 'string' ? breaks : '',
    moves: read.filter((move) => move !== undefined),
    ...(isCount(loopFrom) ? { loopFrom } : {}),
  };
}

/** Whether durations count in a schedule. */
export function isInTime(moves: readonly ScheduleMove[]): boolean {
  return moves.some(({ inTime }) => inTime === true);
}

function isBefore(json: unknown, length: number): boolean {
  return isCount(json) && json < length;
}

function moveOf(json: unknown, inTime: boolean): ScheduleMove | undefined {
  if (!isObject(json)) return undefined;
  const { task, step, time = 1, late = false, choices = [], lengthUs } = json;
  if (typeof task !== 'string' || typeof step !== 'string' || typeof late !== 'boolean') return undefined;
  if (!isCount(time) || time < 1 || !Array.isArray(choices) || !choices.every(isCount)) return undefined;
  if (lengthUs !== undefined && !isCount(lengthUs)) return undefined;
  return { task, step, time, late, choices, ...timed(inTime, lengthUs) };
}

function timed(inTime: boolean, lengthUs: number | undefined): Pick<ScheduleMove, 'inTime' | 'lengthUs'> {
  return { ...(inTime ? { inTime } : {}), ...(lengthUs === undefined ? {} : { lengthUs }) };
}

function isCount(json: unknown): json is number {
  return typeof json === 'number' && Number.isSafeInteger(json) && json >= 0;
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** What of a schedule stands in a line. */
export type ScheduleLine = Pick<SavedSchedule, 'moves' | 'loopFrom'>;

export function scheduleLine({ moves, loopFrom }: ScheduleLine): string {
  const next = counter();
  const entries: { text: string; times: number; last: number }[] = [];
  for (const { task, step, time, late, choices, lengthUs } of moves) {
    const isNext = next(task, step, time);
    const text = [
      `${encoded(task)}@${encoded(step)}`,
      isNext ? '' : `#${time}`,
      late ? '!' : '',
      choices.length === 0 ? '' : `?${choices.join('.')}`,
      lengthUs === undefined ? '' : `~${lengthUs}`,
    ].join('');
    const last = entries.at(-1);
    if (last?.text === text && isNext) last.times++;
    else entries.push({ text, times: 1, last: time });
  }
  const steps = entries.map(({ text, times }) => (times === 1 ? text : `${text}*${times}`)).join(',');
  return `${VERSION}${isInTime(moves) ? 't' : ''}:${steps}${loopFrom === undefined ? '' : `:${loopFrom}`}`;
}

/** @returns undefined for what is no such line, or of another version */
export function parseScheduleLine(line: string): ScheduleLine | undefined {
  const [, version, clock, rest = '', loop] = /^(\d+)(t?):([^:]*)(?::(\d+))?$/s.exec(line.trim()) ?? [];
  if (Number(version) !== VERSION) return undefined;
  const counts = new Map<string, number>();
  const moves: ScheduleMove[] = [];
  for (const entry of rest === '' ? [] : rest.split(',')) {
    const found = /^([^@#!?*]+)@([^@#!?*~]+)(?:#(\d+))?(!)?(?:\?([\d.]+))?(?:~(\d+))?(?:\*(\d+))?$/.exec(
      entry,
    );
    if (found === null) return undefined;
    const [, name, text, time, late, choices, length, times] = found;
    const own = timed(clock === 't', length === undefined ? undefined : Number(length));
    const task = decoded(name ?? '');
    const step = decoded(text ?? '');
    if (task === undefined || step === undefined || Number(times ?? 1) > MOST_TIMES) return undefined;
    for (let index = 0; index < Number(times ?? 1); index++) {
      const key = `${task}\n${step}`;
      const count = time === undefined ? (counts.get(key) ?? 0) + 1 : Number(time);
      counts.set(key, count);
      const drawn = (choices ?? '').split('.').filter((one) => one !== '');
      moves.push({ task, step, time: count, late: late !== undefined, choices: drawn.map(Number), ...own });
    }
  }
  if (loop === undefined) return { moves };
  return isBefore(Number(loop), moves.length) ? { moves, loopFrom: Number(loop) } : undefined;
}

const MOST_TIMES = 1_000_000;

/** Whether each step is the next of its task and text. */
function counter(): (task: string, step: string, time: number) => boolean {
  const counts = new Map<string, number>();
  return (task, step, time) => {
    const key = `${task}\n${step}`;
    const isNext = time === (counts.get(key) ?? 0) + 1;
    counts.set(key, time);
    return isNext;
  };
}

/** Nothing that means something to a shell or to the line; spaces are plus signs. */
function encoded(text: string): string {
  const safe = text.replace(/[^A-Za-z0-9_.[\] -]/gu, (point) =>
    encodeURIComponent(point).replace(/['()*!~]/g, hex),
  );
  return safe.replaceAll(' ', '+');
}

function hex(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
