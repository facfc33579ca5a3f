import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A JSON file beside this one: the tables that only the server asks. */
export function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8')) as T;
}
