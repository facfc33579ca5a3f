/** The addresses that the screen of filling in reads: asked by it, and ahead of it while the page is still loading. Pure. */
import { OF_UNIT } from '../contract.ts';

export interface Opening {
  key: string;
  /** Patient id, or `OF_UNIT`. */
  patient: string;
  /** '' = of no visit. */
  encounter: string;
  /** Response to amend; '' = a new one. */
  answer: string;
  /** Version that was begun in this browser; '' = the one in force. */
  version: string;
}

export function openingAddress({ key, ...about }: Opening): string {
  return `/api/forms/open/${encodeURIComponent(key)}?${new URLSearchParams(about)}`;
}

/** What the screen of filling in reads first; nothing before a person is chosen. */
export function readFirst({ key = '' }: Record<string, string>, asked: URLSearchParams): string[] {
  const patient = asked.get('nguoi') ?? '';
  if (patient === '') return [];
  const encounter = asked.get('luot') ?? '';
  const answer = asked.get('sua') ?? '';
  const form = openingAddress({ key, patient, encounter, answer, version: '' });
  return patient === OF_UNIT ? [form] : [form, `/api/people/${encodeURIComponent(patient)}/banner`];
}
