/**
 * A way through a scenario as a Mermaid sequence diagram: tasks, and what they touch, beside each other; a note where the
 * state breaks, or with the circle of a deadlock.
 *
 * @see https://mermaid.js.org/syntax/sequenceDiagram.html
 */
import type { Event } from '../../log/event.ts';
import type { Plan } from '../../plan/plan.ts';
import { quoted } from '../../verdict/show.ts';
import type { DeadlockReport } from '../../verdict/verdict.ts';
import { scenarioTitle } from '../text/scenario-title.ts';
import { type Deed, type Moment, momentsOf, taskName } from './way-moments.ts';

export type WayToDraw = {
  readonly plan: Plan;
  readonly events: readonly Event[];
  readonly broken: string | null;
  readonly deadlock: DeadlockReport | null;
  /** Behind so many events begins what goes on again and again; null where nothing does. */
  readonly loopFrom?: number | null;
};

/** Whole lines. Names and texts are the user's, and may hold anything. */
export function mermaidLines({ plan, events, broken, deadlock, loopFrom }: WayToDraw): readonly string[] {
  const moments = momentsOf(plan, events);
  const actors = actorsOf(plan, moments);
  const ids = [...actors.values()].map(({ id }) => id);
  const from = loopFrom ?? Number.POSITIVE_INFINITY;
  const loop = moments.filter((moment) => moment.events > from);
  const drawn = (some: readonly Moment[]): readonly string[] =>
    some.flatMap((moment) => moment.deeds.map((deed) => `  ${deedLine(actors, moment, deed)}`));
  const across = [...new Set([ids[0], ids.at(-1)])].join(',');
  return [
    'sequenceDiagram',
    `  title ${escaped(scenarioTitle(plan))}`,
    ...[...actors.values()].map(({ id, name }) => `  participant ${id} as ${escaped(name)}`),
    ...drawn(moments.filter((moment) => moment.events <= from)),
    ...(loop.length === 0 ? [] : ['  loop again and again', ...drawn(loop), '  end']),
    ...(broken === null || across === '' ? [] : [`  Note over ${across}: ${escaped(`✘ ${broken}`)}`]),
    ...(deadlock === null || across === ''
      ? []
      : [`  Note over ${across}: ${escaped(`✘ deadlock: ${circleText(deadlock)}`)}`]),
  ];
}

function circleText({ cycle, waiting }: DeadlockReport): string {
  const [first] = cycle;
  if (first === undefined)
    return `${waiting.map(({ task }) => task).join(', ')} ${waiting.length === 1 ? 'waits' : 'wait'} for ever`;
  return [...cycle, first].join(' → ');
}

/** By what it is and its name; a var and a lock may have the same. */
type Actors = ReadonlyMap<string, { readonly id: string; readonly name: string }>;

/** Tasks first, in the order of the file; behind them what they touch, in the order in which they do. */
function actorsOf(plan: Plan, moments: readonly Moment[]): Actors {
  const tasks = [...new Set(moments.flatMap((moment) => [moment.task, ...aimsOf(moment)]))];
  const actors = new Map<string, { id: string; name: string }>();
  for (const task of tasks.sort((a, b) => a - b))
    actors.set(`task ${task}`, { id: `t${task}`, name: taskName(plan, task) });
  for (const deed of moments.flatMap(({ deeds }) => deeds)) {
    const key = keyOf(deed);
    if (key !== undefined && !actors.has(key))
      actors.set(key, { id: `r${actors.size}`, name: deed.object ?? '' });
  }
  return actors;
}

/** Tasks that others do something to. */
function aimsOf({ deeds }: Moment): readonly number[] {
  return deeds.flatMap((deed) => {
    const key = keyOf(deed);
    return key?.startsWith('task ') === true ? [Number(key.slice('task '.length))] : [];
  });
}

/** What a deed is done to; undefined where it is nothing that others have to do with. */
function keyOf({ event, object }: Deed): string | undefined {
  if (object === null) return undefined;
  switch (event.type) {
    case 'read':
    case 'wrote':
      return `var ${event.variable}`;
    case 'operated':
    case 'waiting':
    case 'timedOut':
      return `${event.operation.startsWith('task.') ? 'task' : 'resource'} ${event.target}`;
    case 'started':
      return `task ${event.target}`;
    default:
      return undefined;
  }
}

/** What is read comes to the task, all else goes out from it; what was in vain does not arrive. */
function deedLine(actors: Actors, { task }: Moment, deed: Deed): string {
  const own = actors.get(`task ${task}`)?.id ?? '';
  const other = actors.get(keyOf(deed) ?? '')?.id;
  // The arrow ends at what it names.
  const { object } = deed;
  const text = escaped(object === null ? deed.text : deed.text.replace(quoted(object), object));
  if (other === undefined) return `Note over ${own}: ${text}`;
  switch (deed.event.type) {
    case 'read':
      return `${other}-->>${own}: ${text}`;
    case 'waiting':
    case 'timedOut':
      return `${own}-x${other}: ${text}`;
    default:
      return `${own}->>${other}: ${text}`;
  }
}

/** Letters, digits and what means nothing to Mermaid stay as they are; the word `end` would end a block. */
function escaped(text: string): string {
  const safe = text.replace(/[^\p{L}\p{N} _.()[\]=→✘…]/gu, (point) => `#${point.codePointAt(0)};`);
  return safe.replace(/\bend\b/giu, (word) => `${word.slice(0, 2)}#${word.codePointAt(2)};`).trim();
}
