import type { Role } from '../../kernel/access/contract.ts';

/** Who fills forms in; what each may write of whom is `content/access/policies.csv`. */
export const FILLERS: Role[] = ['doctor', 'nurse', 'station-head', 'surveillance'];

/** Who makes forms. */
export const DESIGNERS: Role[] = ['content-officer'];
