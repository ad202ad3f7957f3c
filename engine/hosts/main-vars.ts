/**
 * The vars as main sees them, from the run's events: what a run that follows begins with.
 *
 * They are kept before anything is masked, for they are used, not shown.
 */

import type { Value } from '../expression/values/value.ts';
import type { Event } from '../log/event.ts';
import type { Plan } from '../plan/plan.ts';

/** The cells of each var. */
export type MainVars = readonly (readonly Value[])[];

export type MainVarsFold = { readonly handle: (event: Event) => void; readonly cells: MainVars };

export function createMainVars({ variables }: Plan): MainVarsFold {
  const cells = variables.map(({ initial }) => [...initial]);
  return {
    cells,
    handle(event) {
      if (event.type !== 'wrote') return;
      const own = cells[event.variable];
      const isMains = event.process === 0 || variables[event.variable]?.shared === true;
      if (own !== undefined && isMains) own[event.cell] = event.value;
    },
  };
}
