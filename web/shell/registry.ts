/**
 * All screens of the house: every module that has a `screens/index.ts` is found by its place, so that a new module
 * needs no line here. Their English words are found the same way and loaded only when English is chosen.
 */
import type { Messages } from '../ui/i18n/language.ts';
import { matchPath } from '../ui/route/route.ts';
import type { Screen } from '../ui/screen.ts';

const lists = import.meta.glob<Screen[]>('../../modules/*/screens/index.ts', {
  eager: true,
  import: 'screens',
});
const words = import.meta.glob<Messages>(['../messages/en.json', '../../modules/*/screens/en.json'], {
  import: 'default',
});

export const screens: readonly Screen[] = Object.values(lists)
  .flat()
  .sort((a, b) => (a.order ?? 100) - (b.order ?? 100));

/** The screen of a path and its parameters; null when there is none. Fixed paths win over parameters. */
export function screenAt(path: string): { screen: Screen; params: Record<string, string> } | null {
  const matches = screens.flatMap((screen) => {
    const params = matchPath(screen.path, path);
    return params ? [{ screen, params }] : [];
  });
  return matches.sort((a, b) => Object.keys(a.params).length - Object.keys(b.params).length)[0] ?? null;
}

/** The screen of a path when it is one for everybody; null otherwise. */
export function openScreenAt(path: string): Screen | null {
  const screen = screenAt(path)?.screen;
  return screen?.open ? screen : null;
}

/** English of the shell, the kit and every module. */
export async function loadEnglish(): Promise<Messages> {
  const parts = await Promise.all(Object.values(words).map((load) => load()));
  return Object.assign({}, ...parts) as Messages;
}
