/**
 * What shows a run while it goes on. A reporter is a fold over the log; it never slows the run down by more than its
 * writing takes, and it knows nothing of the verdict, which is shown after it.
 */
import type { Fold } from '../../log/fold.ts';

export type Reporter = Fold & {
  /** Before the first event. */
  begin(): Promise<void>;
  /** After the last event: all that was held back is written. */
  end(): Promise<void>;
};
