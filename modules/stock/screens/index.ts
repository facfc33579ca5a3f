import type { Screen } from '../../../web/ui/index.ts';

/** None of its own: the users of the ledger draw their stock with the pieces of `door.ts`. */
export const screens: Screen[] = [];
