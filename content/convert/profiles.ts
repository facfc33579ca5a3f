/** Makes the guide `docs/profiles/` of `content/profiles/`: `node content/convert/profiles.ts`. The same content makes the same bytes. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openContent } from '../../kernel/content/content.ts';
import { guidePages } from './profiles/guide.ts';

const folder = join(import.meta.dirname, '../../docs/profiles');
const pages = guidePages(openContent(join(import.meta.dirname, '..')));
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (!(name in pages)) rmSync(join(folder, name));
for (const [name, text] of Object.entries(pages)) writeFileSync(join(folder, name), text);
