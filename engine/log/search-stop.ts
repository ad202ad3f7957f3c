/**
 * What ended a search over every interleaving: it has seen `all` states, or came to one of its limits. `found`: whoever listened
 * had enough. `space`: not even one state fits into the memory it may take. `beyond`: the first state is not within the bound.
 * `ordered`: nothing was searched, as durations are to count and are not known before a run. `instant`: tasks can go on for ever
 * in no time, while others wait for time to pass.
 */
export type SearchStop =
  | 'all'
  | 'beyond'
  | 'ordered'
  | 'instant'
  | 'found'
  | 'states'
  | 'memory'
  | 'space'
  | 'depth'
  | 'time'
  | 'stopped'
  | 'exhausted';
