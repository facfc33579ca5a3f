/** The examples of pages 9 and 10 of the guide, and whether the watch's folder has them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const BEES = join(import.meta.dirname, 'bees');
const PAGES = ['9-tra-cuu.md', '10-chi-dinh-doi-tac.md'].map((name) =>
  join(import.meta.dirname, '../../docs/content', name),
);

/** Blocks of a language that the pages print. */
export function examplesIn(language: 'json' | 'csv'): string[] {
  const text = PAGES.map((page) => readFileSync(page, 'utf8')).join('\n');
  return [...text.matchAll(/```(json|csv)\n([\s\S]*?)\n```/g)].flatMap(([, of, body]) =>
    of === language ? [body!] : [],
  );
}

const textsOf = (ending: string): string[] =>
  readdirSync(BEES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(join(BEES, name), 'utf8'));

/** Whether some definition of the folder says what the example says, anywhere in it. */
export function isInFolder(example: unknown): boolean {
  return textsOf('.json').some((text) => somewhere(JSON.parse(text), example));
}

export function hasLines(example: string): boolean {
  const lines = example.split('\n');
  return textsOf('.csv').some((text) => lines.every((line) => text.split('\n').includes(line)));
}

function somewhere(value: unknown, example: unknown): boolean {
  if (says(value, example)) return true;
  return (
    typeof value === 'object' && value !== null && Object.values(value).some((one) => somewhere(one, example))
  );
}

/** All members of the example, in lists at any place. */
function says(value: unknown, example: unknown): boolean {
  if (Array.isArray(example))
    return Array.isArray(value) && example.every((one) => value.some((own) => says(own, one)));
  if (typeof example !== 'object' || example === null) return value === example;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(example).every(([name, one]) => says((value as Record<string, unknown>)[name], one));
}
