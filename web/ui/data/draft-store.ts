/**
 * Drafts on this machine: what was typed and not yet sent, one entry a form and person who typed it. They may hold
 * personal data, so they exist only between sign-in and sign-out, and no longer than half a day.
 */
const PREFIX = 'yba.draft.';
const KEPT_FOR = 12 * 3_600_000;

interface Kept {
  at: number;
  value: unknown;
}

/** @param owner account id of the person who types */
export function readDraft(owner: string, key: string): unknown {
  const kept = parse(window.localStorage.getItem(`${PREFIX}${owner}.${key}`));
  return kept && Date.now() - kept.at < KEPT_FOR ? kept.value : undefined;
}

/** A full or forbidden storage must not stop the typing: the form then simply has no draft. */
export function writeDraft(owner: string, key: string, value: unknown): void {
  try {
    window.localStorage.setItem(`${PREFIX}${owner}.${key}`, JSON.stringify({ at: Date.now(), value }));
  } catch {
    // No room: the form still holds what was typed.
  }
}

export function removeDraft(owner: string, key: string): void {
  window.localStorage.removeItem(`${PREFIX}${owner}.${key}`);
}

/** At sign-out: nothing of anyone stays. */
export function removeAllDrafts(): void {
  for (const name of draftNames()) window.localStorage.removeItem(name);
}

/** At sign-in: removes what is older than half a day, whoever typed it. */
export function sweepDrafts(): void {
  for (const name of draftNames()) {
    const kept = parse(window.localStorage.getItem(name));
    if (!kept || Date.now() - kept.at >= KEPT_FOR) window.localStorage.removeItem(name);
  }
}

function draftNames(): string[] {
  return Object.keys(window.localStorage).filter((name) => name.startsWith(PREFIX));
}

function parse(text: string | null): Kept | null {
  try {
    const kept: unknown = text ? JSON.parse(text) : null;
    return typeof kept === 'object' && kept !== null && typeof (kept as Kept).at === 'number'
      ? (kept as Kept)
      : null;
  } catch {
    return null;
  }
}
