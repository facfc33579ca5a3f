/**
 * Pictures of every paper with its sample, as they were looked at and found good: a change of layout is seen as a difference.
 * `node modules/documents/golden/golden.ts [paper …]` renews them; look at what it writes before it is committed.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { openDocuments, papersOf, readSample, sampleData } from '../../../engines/documents/index.ts';
import { type Content, openContent } from '../../../kernel/content/content.ts';

const CONTENT = join(import.meta.dirname, '..', '..', '..', 'content');

export interface Golden {
  /** `prescription-2025-07-01` */
  name: string;
  /** SVG of all pages. */
  picture: string;
}

/** Each paper of the program's own content, drawn now. */
export async function drawPapers(content: Content = openContent(CONTENT)): Promise<Golden[]> {
  const documents = openDocuments(content);
  try {
    const drawn: Golden[] = [];
    for (const paper of papersOf(content)) {
      const sample = readSample(content, paper.key, paper.from);
      if (!sample) continue;
      const { data, codes } = sampleData(paper, sample);
      const picture = await documents.renderPicture(paper.key, paper.from, data, { codes });
      drawn.push({ name: `${paper.key}-${paper.from}`, picture });
    }
    return drawn;
  } finally {
    documents.close();
  }
}

const fileOf = (name: string) => join(import.meta.dirname, `${name}.svgz`);

/** The picture that was kept; null when there is none. */
export function readGolden(name: string): string | null {
  try {
    return gunzipSync(readFileSync(fileOf(name))).toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Where two pictures begin to differ, in words; null when they are the same. */
export function differenceOf(golden: string, drawn: string): string | null {
  if (golden === drawn) return null;
  const [before, after] = [golden, drawn].map((svg) => svg.split('\n'));
  const at = before!.findIndex((line, index) => line !== after![index]);
  const line = at < 0 ? before!.length : at;
  return `line ${line + 1}: was ${before![line]?.trim().slice(0, 160)}, is ${after![line]?.trim().slice(0, 160)}`;
}

if (import.meta.main) {
  const wanted = process.argv.slice(2);
  const looked = join(process.env.TMPDIR ?? '/tmp', 'yba-papers');
  mkdirSync(looked, { recursive: true });
  for (const { name, picture } of await drawPapers()) {
    if (wanted.length > 0 && !wanted.some((each) => name.startsWith(each))) continue;
    const changed = differenceOf(readGolden(name) ?? '', picture);
    if (changed === null) continue;
    writeFileSync(fileOf(name), gzipSync(picture, { level: 9 }));
    writeFileSync(join(looked, `${name}.svg`), picture);
    console.log(`${name}: renewed; look at ${join(looked, `${name}.svg`)}`);
  }
}
