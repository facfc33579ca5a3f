/**
 * The process that sets papers. It lives apart from the program: the compiler's 50 MB are only there while papers are
 * printed, and a template that never ends or brings the compiler down ends this process and nothing else.
 * Started by press.ts; speaks over the channel that fork() opens; ends when the channel closes.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { withFontLengths } from './archive/font-lengths.ts';
import { type Barcode, barcodePicture } from './barcode.ts';
import { canDraw, FONTS } from './font.ts';
import { printableData } from './printable.ts';

/** Profiles of ISO 19005: with attached data (3b) or without. */
export type Standard = 'a-2b' | 'a-3b';

export interface Job {
  id: number;
  /** Folder of the templates. */
  folder: string;
  /** Further folders of templates that lie over it. */
  further: readonly string[];
  /** Path of the template inside the folder, or a template of the engine's own over a paper that is there, `/paper.pdf`. */
  template: string | { source: string; paper: Uint8Array };
  data: unknown;
  codes: Record<string, Barcode>;
  /** Seconds since 1970 that the PDF states as its creation: the same for the same version of the record. */
  createdAt: number;
  format: 'pdf' | 'svg';
  standard: Standard;
  /** False for a stamp, which stands outside of the reading order of the paper that it is laid over. */
  tagged: boolean;
}

export type Outcome = { id: number; bytes: Uint8Array } | { id: number; fault: string };

const compilers = new Map<string, NodeCompiler>();

process.on('message', (job: Job) => {
  process.send?.(set(job));
});
process.on('disconnect', () => process.exit(0));

function set(job: Job): Outcome {
  try {
    return { id: job.id, bytes: compile(job) };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { id: job.id, fault: plainly(said).replaceAll(job.folder, '') };
  }
}

/** What the compiler says of an export comes as the text of its own structures. */
function plainly(said: string): string {
  const messages = [...said.matchAll(/message: "((?:\\.|[^"\\])*)"/g)].map(([, message]) => message!);
  return messages.length === 0 ? said : [...new Set(messages)].join('; ').replaceAll('\\"', '"');
}

function compile(job: Job): Uint8Array {
  const compiler = compilerOf(job.folder);
  compiler.resetShadow();
  for (const folder of job.further)
    for (const name of globSync('**/*.typ', { cwd: folder }))
      compiler.mapShadow(join(job.folder, name), readFileSync(join(folder, name)));
  const data = JSON.stringify(printableData(job.data, canDraw));
  compiler.mapShadow(`${job.folder}/data.json`, Buffer.from(data, 'utf8'));
  for (const [name, code] of Object.entries(job.codes))
    compiler.mapShadow(`${job.folder}/codes/${name}.png`, pictureOf(name, code));
  const { template } = job;
  if (typeof template !== 'string')
    compiler.mapShadow(`${job.folder}/paper.pdf`, Buffer.from(template.paper));
  const made = compiler.compile(
    typeof template === 'string'
      ? { mainFilePath: `${job.folder}${template}` }
      : { mainFileContent: template.source },
  );
  const document = made.result;
  if (!document) throw new Error(faultsOf(compiler, made.takeDiagnostics()));
  if (job.format === 'svg') return Buffer.from(compiler.plainSvg(document), 'utf8');
  const bytes = compiler.pdf(document, {
    creationTimestamp: job.createdAt,
    pdfStandard: job.standard,
    pdfTags: job.tagged,
  });
  compiler.evictCache(10);
  return withFontLengths(bytes);
}

function compilerOf(folder: string): NodeCompiler {
  const known = compilers.get(folder);
  if (known) return known;
  const made = NodeCompiler.create({ workspace: folder, fontArgs: [{ fontPaths: [FONTS] }] });
  compilers.set(folder, made);
  return made;
}

function pictureOf(name: string, code: Barcode): Buffer {
  try {
    return barcodePicture(code);
  } catch (error) {
    throw new Error(`barcode "${name}" (${code.kind}) cannot hold its text: ${(error as Error).message}`);
  }
}

function faultsOf(
  compiler: NodeCompiler,
  error: ReturnType<ReturnType<NodeCompiler['compile']>['takeDiagnostics']>,
): string {
  if (!error) return 'the template gave no document';
  const faults: Diagnostic[] = compiler.fetchDiagnostics(error);
  return faults.map((each) => `${placeOf(each)} ${each.message ?? ''}`.trim()).join('; ');
}

interface Diagnostic {
  message?: string;
  path?: string;
  range?: { start?: { line: number; character: number } };
}

/** `/prescription/2025-07-01.typ:12:4`, as editors count. */
function placeOf({ path = '', range }: Diagnostic): string {
  const start = range?.start;
  return start ? `${path}:${start.line + 1}:${start.character + 1}` : path;
}
