/** The files that the guide of `docs/content/` prints, laid out as a reader lays them, and the mistakes that its last page names. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const GUIDE = join(import.meta.dirname, '..', '..', 'docs', 'content');
const BLOCK = /^Tệp `noi-dung\/([^`]+)`:\n\n```\w+\n([\s\S]*?)\n```$/gm;
const MISTAKE = /^\| `([^`]+)` \| `([^`]+)` \| `([^`]+)` \| (.+?) \| .+ \|$/gm;

export interface Mistake {
  file: string;
  from: string;
  to: string;
  /** What the check says of it. */
  says: string;
}

const pages = (): string[] =>
  readdirSync(GUIDE)
    .filter((name) => name.endsWith('.md'))
    .map((name) => readFileSync(join(GUIDE, name), 'utf8'));

/** Text of each file by its name below the folder; a name that is printed twice fails. */
export function guideFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const text of pages())
    for (const [, name, content] of text.matchAll(BLOCK)) {
      if (files.has(name!)) throw new Error(`the guide prints ${name} twice`);
      files.set(name!, `${content}\n`);
    }
  return files;
}

export function layGuide(folder: string): void {
  for (const [name, text] of guideFiles()) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

export function guideMistakes(): Mistake[] {
  return pages().flatMap((text) =>
    [...text.matchAll(MISTAKE)].map(([, file, from, to, says]) => ({
      file: file!,
      from: from!,
      to: to!,
      says: says!,
    })),
  );
}
