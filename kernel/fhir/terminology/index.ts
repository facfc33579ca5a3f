/** Front door of the code lists: see README.md. */

export { type AnnouncedSystem, announcedSystems } from './announced.ts';
export { checkLists, type Finding } from './check.ts';
export { checkProfiles } from './check-profiles.ts';
export { type CodeLists, openCodeLists, type Rendered } from './code-lists.ts';
export type { Concept } from './concept-table.ts';
export { bareCode } from './concept-table.ts';
export { type KnownCodes, knownCodes } from './known-codes.ts';
export type { ConceptLine } from './module.ts';
export { terminologyModule } from './module.ts';
export type { ListInfo, Terminology, Validation } from './terminology.ts';
export { openTerminology } from './terminology.ts';
