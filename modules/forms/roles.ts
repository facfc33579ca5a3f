import type { Role } from '../../kernel/access/contract.ts';

/** Who fills forms in; what each may write of whom is `content/access/policies.csv`. */
export const FILLERS: Role[] = ['doctor', 'nurse', 'station-head', 'surveillance'];

/** Who may attach files, and see them: documents are not read by who follows diseases from elsewhere. */
export const ATTACHERS: Role[] = ['doctor', 'nurse', 'station-head'];

/** Who makes forms. */
export const DESIGNERS: Role[] = ['content-officer'];
