/** What may not be taken away: definitions by which answers, papers and reports were made (main/published.ts says which). */
import { Failure, type Issue } from '../../failure.ts';
import type { Store } from '../../store/contract.ts';
import { readStoredJson } from '../json/read.ts';
import type { Resource } from '../types.ts';
import type { Draft } from './draft.ts';

/** @param resource that is about to be deleted. @returns why it stays; null when it may go */
export type Keeps = (resource: Resource) => Issue | null;

/** Types of which some resources are kept. */
export const KEPT: ReadonlySet<string> = new Set(['Questionnaire', 'PlanDefinition']);

/** @throws Failure `conflict` that says what to do instead */
export async function refuseKept(
  { store, keeps }: { store: Pick<Store, 'read'>; keeps: Keeps },
  { type, id, current }: Draft,
): Promise<void> {
  if (!KEPT.has(type) || id === null) return;
  const now = current ?? (await store.read(type, id));
  if (!now || now.deleted) return;
  const kept = keeps(readStoredJson(now.body) as Resource);
  if (kept) throw new Failure('conflict', kept.text, { issues: [kept] });
}
