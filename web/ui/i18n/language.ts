/**
 * Words of the interface. Vietnamese stands in the code beside its key; English is `web/messages/en.json`, loaded only
 * when chosen. `t` is read while a component draws itself, and a change of language draws the whole page again, so no
 * component needs a hook and nothing typed is lost.
 */
import { useSyncExternalStore } from 'react';

export type Language = 'vi' | 'en';
export type Messages = Readonly<Record<string, string>>;

const REMEMBERED = 'yba.language';
let chosen: Language = 'vi';
/** What was chosen last; its words may still be on their way. */
let wanted: Language = 'vi';
let english: Messages = {};
const listeners = new Set<() => void>();

/**
 * The sentence of a key in the chosen language, with `{name}` places filled.
 * @param key stable name, `<room>.<what>`; the same key always carries the same Vietnamese
 * @param vietnamese what is shown in Vietnamese, and wherever English is missing
 */
export function t(
  key: string,
  vietnamese: string,
  values?: Readonly<Record<string, string | number>>,
): string {
  const sentence = chosen === 'en' ? (english[key] ?? vietnamese) : vietnamese;
  if (!values) return sentence;
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

export function language(): Language {
  return chosen;
}

/** Draws the component again when the language changes; only the root of the page and memoised parts need it. */
export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, language, language);
}

/**
 * Chooses and remembers a language; English messages arrive before the page changes. The choice is remembered at once: who
 * leaves the page while the words are on their way finds it in the chosen language. Of two choices the later one counts,
 * whichever words arrive first.
 */
export async function chooseLanguage(next: Language, load: () => Promise<Messages>): Promise<void> {
  wanted = next;
  if (typeof window !== 'undefined') window.localStorage.setItem(REMEMBERED, next);
  if (next === 'en' && Object.keys(english).length === 0) english = await load();
  if (wanted !== next) return;
  chosen = next;
  if (typeof document !== 'undefined') document.documentElement.lang = next;
  for (const listener of listeners) listener();
}

/** The language of the last visit on this machine. */
export function rememberedLanguage(): Language {
  return window.localStorage.getItem(REMEMBERED) === 'en' ? 'en' : 'vi';
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
