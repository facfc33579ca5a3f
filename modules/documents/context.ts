import type { Drafting } from './issue/draft.ts';
import type { Issuing } from './issue/issue.ts';

/** What every route of the room is given. */
export interface Context extends Issuing, Drafting {}
