/** Programmes at work: who is followed where, what is due, what came of it. */
import { PROGRAMME_OPERATIONS, programmeRoutes } from '../../engines/programmes/index.ts';
import type { Module } from '../../kernel/kernel.ts';

export const programmes: Module = {
  name: 'programmes',
  operations: PROGRAMME_OPERATIONS,
  fhir: programmeRoutes,
};
