/** Decision support: which rules speak, what they showed and what became of it. */
import { join } from 'node:path';
import type { Module } from '../../kernel/kernel.ts';

export { cardId, keepOutcomes, keepShown } from './cards.ts';
export { type HookAccess, hookRoutes } from './hooks/routes.ts';
export { speakingRules } from './switches.ts';

export const decisions: Module = {
  name: 'decisions',
  schemaFolder: join(import.meta.dirname, 'schema'),
};
