/**
 * Papers a second: distinct people, PDF/A with barcodes, as many asked for at once as a morning's desks ask.
 * `node bench/papers.ts [papers of each kind, default 600] [at once, default 8]`
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDocuments, paperOn, readSample, sampleData } from '../engines/documents/index.ts';
import { openContent } from '../kernel/content/content.ts';
import { type Figure, inParallel, quantile, report } from './bench.ts';

const PAPERS = Number(process.argv[2] ?? 600);
const AT_ONCE = Number(process.argv[3] ?? 8);
/** The first papers start the process and read the fonts. */
const WARM = 20;
/** Of /proc on Linux. */
const TICKS_A_SECOND = 100;
/** Papers a second that are asked of every ordinary kind. */
const BAR = 100;
const KINDS = [
  { key: 'prescription', name: 'prescriptions (A5, QR)' },
  { key: 'ticket', name: 'tickets (80 mm, QR)' },
  { key: 'statement', name: 'statements (A4, QR)' },
  { key: 'vaccination-certificate', name: 'certificates (A4, signed QR, attached data)' },
] as const;

const content = openContent(join(import.meta.dirname, '..', 'content'));
const documents = openDocuments(content);
const figures: Figure[] = [];

for (const { key, name } of KINDS) {
  const paper = paperOn(content, key, '2026-11-22')!;
  const { data, codes } = sampleData(paper, readSample(content, key, paper.from)!);
  const standard = paper.value.standard ?? 'a-2b';
  const print = (n: number) => {
    const own = renamed(data, n) as object;
    return documents.renderPaper(key, paper.from, own, {
      codes: renamed(codes, n) as typeof codes,
      standard,
    });
  };
  await inParallel(AT_ONCE, WARM, (n) => print(-n));
  let bytes = 0;
  const before = processorSeconds();
  const { each, whole } = await inParallel(AT_ONCE, PAPERS, async (n) => {
    const made = await print(n);
    bytes += made.length;
  });
  figures.push(
    { name: `${name}: papers a second`, value: (PAPERS * 1000) / whole, unit: '/s', bar: { atLeast: BAR } },
    {
      name: `${name}: papers a second of processor time`,
      value: PAPERS / (processorSeconds() - before),
      unit: '/s',
    },
    { name: `${name}: p95 with ${AT_ONCE} at once`, value: quantile(each, 0.95), unit: 'ms' },
    { name: `${name}: size`, value: bytes / PAPERS / 1024, unit: 'KiB' },
  );
}
documents.close();
report({
  bench: 'papers',
  what: `${PAPERS} distinct papers of each kind, PDF/A, ${AT_ONCE} at once, from the data to the bytes`,
  figures,
});

/** Of this process and of the typesetters, user and system: it hardly moves with what others do on the machine. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean);
  const ticks = children.map((pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return (user + system) / 1e6 + ticks.reduce((sum, each) => sum + each, 0) / TICKS_A_SECOND;
}

/** No two papers are alike: every text of a person's is another, so that nothing is set from memory. */
function renamed(data: unknown, n: number, name = ''): unknown {
  if (typeof data === 'string') {
    if (name === 'text') return data.startsWith('shc:') ? data : `${data}${Math.abs(n)}`;
    return name !== 'kind' && /^[\p{L} ]{4,}$/u.test(data) ? `${data} ${n}` : data;
  }
  if (Array.isArray(data)) return data.map((each) => renamed(each, n));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, renamed(value, n, key)]));
}
