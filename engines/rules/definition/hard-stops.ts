/** The approved list: rules against which nobody signs, `content/rules/hard-stops.csv`. Pure. */
import type { Content } from '../../../kernel/content/content.ts';

/** Who approved that nobody signs against a rule, when, and by which decision. */
export interface Approval {
  by: string;
  /** ISO day; empty when the list does not say. */
  on: string;
  source: string;
}

/**
 * An approval counts while its row is in force, from the day on which it was given, and only when somebody is named. Without one a
 * rule that would stop asks for a reason.
 * @param day ISO
 */
export function approvalOf(rule: string, content: Content, day: string): Approval | null {
  const row = content
    .inForce('rules/hard-stops', day)
    .find((one) => one.rule === rule && one.approved_by !== '' && (one.approved_on ?? '') <= day);
  return row ? { by: row.approved_by!, on: row.approved_on ?? '', source: row.source ?? '' } : null;
}

/** Whether somebody approved it on any day: it may be published then, and stops on the days of its approval. */
export const wasApproved = (rule: string, content: Content): boolean =>
  content.table('rules/hard-stops').some((one) => one.rule === rule && one.approved_by !== '');
