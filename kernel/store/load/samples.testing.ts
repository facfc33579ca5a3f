/** Files of resources for the tests of the loader. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Resource } from '../../fhir/types.ts';
import type { OpenStore } from '../index.ts';
import { person, pulse } from '../samples.testing.ts';
import type { LoadOptions, LoadSummary, Refusal } from './contract.ts';
import { loadSources } from './load.ts';

export interface Files {
  path: string;
  /** Writes a file of lines; objects as JSON, texts as they are. @returns its path */
  lines(name: string, lines: readonly (object | string)[]): string;
  remove(): void;
}

export function openFiles(): Files {
  const path = mkdtempSync(join(tmpdir(), 'yba-load-'));
  return {
    path,
    lines(name, lines) {
      const text = lines
        .map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`)
        .join('');
      const file = join(path, name);
      writeFileSync(file, name.endsWith('.gz') ? gzipSync(text) : text);
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** So that a few hundred resources are several pieces. */
const NOTE = [{ text: 'Bệnh nhân tỉnh, tiếp xúc tốt, da niêm mạc hồng. '.repeat(16) }];

/** People with visits: an Encounter and pulses that refer to it, ids given, and a facility they go to. */
export function lives(people: number, pulses: number): Resource[] {
  const facility = { resourceType: 'Organization', id: 'tram-1', name: 'Trạm y tế Tam Đảo' } as Resource;
  const all: Resource[] = [facility];
  for (let p = 0; p < people; p++) {
    const id = `nguoi-${p}`;
    all.push(person(id, p % 2 === 0 ? 'Nguyễn Văn Đông' : 'Trần Thị Hoà'), visit(id, `kham-${p}`));
    for (let i = 0; i < pulses; i++) {
      const encounter = { reference: `Encounter/kham-${p}` };
      all.push({ ...pulse(id, 60 + i, `mach-${p}-${i}`), encounter, note: NOTE } as Resource);
    }
  }
  return all;
}

function visit(patient: string, id: string): Resource {
  return {
    resourceType: 'Encounter',
    id,
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: `Patient/${patient}` },
    period: { start: '2026-11-20T08:00:00+07:00', end: '2026-11-20T08:30:00+07:00' },
    reasonCode: [{ text: 'Đau đầu' }],
    serviceProvider: { reference: 'Organization/tram-1' },
  } as Resource;
}

export interface Loaded extends LoadSummary {
  refusals: (Refusal & { source: string })[];
}

export async function loadInto(
  store: OpenStore,
  sources: LoadOptions['sources'],
  options: Partial<LoadOptions> = {},
): Promise<Loaded> {
  const refusals: Loaded['refusals'] = [];
  const summary = await loadSources(store, {
    sources,
    who: 'admin',
    whoDisplay: 'Quản trị',
    why: 'HOPERAT: chuyển dữ liệu cũ',
    threads: 2,
    onRefused: (source, some) => refusals.push(...some.map((one) => ({ ...one, source }))),
    ...options,
  });
  return { ...summary, refusals };
}
