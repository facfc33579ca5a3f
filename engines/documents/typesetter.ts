/**
 * The process that sets papers. It lives apart from the program: the compiler's 50 MB are only there while papers are
 * printed, and a template that never ends or brings the compiler down ends this process and nothing else.
 * Started by press.ts; speaks over the channel that fork() opens; ends when the channel closes.
 */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import bwip from 'bwip-js/node';

/** A barcode that a template shows as `image("/codes/<name>.png")`. */
export interface Barcode {
  kind: 'qrcode' | 'code128';
  text: string;
}

export interface Job {
  id: number;
  /** Folder of the templates. */
  folder: string;
  /** Path of the template inside the folder. */
  template: string;
  data: unknown;
  codes: Record<string, Barcode>;
  /** Seconds since 1970 that the PDF states as its creation: the same for the same version of the record. */
  createdAt: number;
  format: 'pdf' | 'svg';
}

export type Outcome = { id: number; bytes: Uint8Array } | { id: number; fault: string };

/** Pixels a module of a barcode; printers and cameras get whole pixels. */
const MODULE_PIXELS = 8;

const compilers = new Map<string, NodeCompiler>();

process.on('message', (job: Job) => {
  void set(job).then((outcome) => process.send?.(outcome));
});
process.on('disconnect', () => process.exit(0));

async function set(job: Job): Promise<Outcome> {
  try {
    return { id: job.id, bytes: await compile(job) };
  } catch (error) {
    return { id: job.id, fault: error instanceof Error ? error.message : String(error) };
  }
}

async function compile(job: Job): Promise<Uint8Array> {
  const compiler = compilerOf(job.folder);
  compiler.resetShadow();
  compiler.mapShadow(`${job.folder}/data.json`, Buffer.from(JSON.stringify(job.data), 'utf8'));
  for (const [name, code] of Object.entries(job.codes)) {
    compiler.mapShadow(`${job.folder}/codes/${name}.png`, await barcode(code));
  }
  const made = compiler.compile({ mainFilePath: `${job.folder}${job.template}` });
  const document = made.result;
  if (!document) throw new Error(faultsOf(compiler, made.takeDiagnostics()));
  if (job.format === 'svg') return Buffer.from(compiler.plainSvg(document), 'utf8');
  const bytes = compiler.pdf(document, { creationTimestamp: job.createdAt });
  compiler.evictCache(10);
  return bytes;
}

function compilerOf(folder: string): NodeCompiler {
  const known = compilers.get(folder);
  if (known) return known;
  const fonts = dirname(fileURLToPath(import.meta.resolve('@expo-google-fonts/be-vietnam-pro/package.json')));
  const made = NodeCompiler.create({ workspace: folder, fontArgs: [{ fontPaths: [fonts] }] });
  compilers.set(folder, made);
  return made;
}

function barcode(code: Barcode): Promise<Buffer> {
  return bwip.toBuffer({
    bcid: code.kind,
    text: code.text,
    scale: MODULE_PIXELS,
    ...(code.kind === 'qrcode' ? { eclevel: 'M' } : { height: 10 }),
    backgroundcolor: 'FFFFFF',
    padding: MODULE_PIXELS,
  });
}

function faultsOf(
  compiler: NodeCompiler,
  error: ReturnType<ReturnType<NodeCompiler['compile']>['takeDiagnostics']>,
): string {
  if (!error) return 'the template gave no document';
  const faults: { message?: string; path?: string; range?: string }[] = compiler.fetchDiagnostics(error);
  return faults
    .map((each) => `${each.path ?? ''} ${each.range ?? ''} ${each.message ?? ''}`.trim())
    .join('; ');
}
