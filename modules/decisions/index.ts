/** Decision support: which rules speak, what they showed and what became of it. */
import { join } from 'node:path';
import type { Module } from '../../kernel/kernel.ts';
import { forgetCards } from './cards.ts';
import { personCardRoutes } from './person-cards.ts';
import { decisionRoutes } from './routes.ts';

export { cardId, keepOutcomes, keepShown, showingTo } from './cards.ts';
export { type HookAccess, hookRoutes } from './hooks/routes.ts';
export { speakingRules } from './switches.ts';

/** How often old cards are looked for. */
const DAILY_MS = 86_400_000;

export const decisions: Module = {
  name: 'decisions',
  schemaFolder: join(import.meta.dirname, 'schema'),
  routes(app, kernel) {
    decisionRoutes(app, kernel);
    personCardRoutes(app, kernel);
  },
  start({ pool, settings }) {
    const forget = () => void forgetCards(pool, settings.now()).catch(() => undefined);
    setInterval(forget, DAILY_MS).unref();
  },
};
