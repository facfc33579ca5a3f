/** What a form says of other forms and of its units is looked at before anybody counts: what could never be judged is refused. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { ReportDefinition } from '../../engines/reports/index.ts';
import { openContent } from '../../kernel/content/content.ts';
import { datedFiles } from '../../kernel/content/dated.ts';
import { checkOtherForms } from './check-cells.ts';

const OWN = join(import.meta.dirname, '../../content');
const folder = mkdtempSync(join(tmpdir(), 'yba-forms-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const form = (more: object) => ({
  ...{ code: 'T', title: 'Biểu thử', titleEn: 'A form', source: 'x', status: 'house', rowTitle: 'Dòng' },
  ...{
    period: 'month',
    dueDays: 5,
    units: ['tram-y-te'],
    sources: {},
    columns: [{ code: 'n', title: 'Số' }],
  },
  ...more,
});
const FORMS: Record<string, object> = {
  'thu-mot': form({
    rows: [
      { code: 'a', title: 'A', formula: '[thu-hai/b.n]' },
      { code: 'c', title: 'C', formula: '[d]' },
      { code: 'd', title: 'D', formula: '[d.n@-1] + [e]' },
      { code: 'e', title: 'E' },
    ],
  }),
  'thu-hai': form({
    rows: [
      { code: 'b', title: 'B', formula: '[thu-mot/a.n]' },
      { code: 'f', title: 'F', formula: '[thu-mot/c.n]' },
      { code: 'g', title: 'G', formula: '[thu-mot/e.n] + [thu-mot/e.n@-1]' },
      { code: 'h', title: 'H', formula: '[thu-nam/y.n]' },
      { code: 'i', title: 'I', formula: '[thu-mot/e.x]' },
    ],
  }),
  'thu-nam': form({ period: 'year', units: ['tram-y-te', 'tram'], rows: [{ code: 'y', title: 'Y' }] }),
  'thu-sai': form({ rows: [{ code: 'a', title: 'A', source: 'x' }] }),
};
for (const [key, value] of Object.entries(FORMS)) {
  mkdirSync(join(folder, 'reports', key), { recursive: true });
  writeFileSync(join(folder, 'reports', key, '2026-01-01.json'), JSON.stringify(value));
}
const content = openContent(OWN, [folder]);
const faultsOf = (key: string) => {
  const found = datedFiles<ReportDefinition>(content, 'reports').find((one) => one.key === key)!;
  return checkOtherForms(found.value, content).map(({ expression }) => expression);
};

test('the forms of the content name cells that there are, of the same period, with numbers of their own', () => {
  for (const { file, value } of datedFiles<ReportDefinition>(content, 'reports'))
    if (!file.startsWith('reports/thu-')) assert.deepEqual(checkOtherForms(value, content), [], file);
});

test('forms that name each other in a loop, cells that are none, yearly forms and unknown kinds of units are refused by place', () => {
  assert.deepEqual(faultsOf('thu-mot'), ['cells a.n', 'cells d.n']);
  assert.deepEqual(faultsOf('thu-hai'), ['cells b.n', 'cells f.n', 'cells h.n', 'cells i.n']);
  assert.deepEqual(faultsOf('thu-nam'), ['units[1]']);
});
