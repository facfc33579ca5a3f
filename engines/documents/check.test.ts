/** A paper that is wrong is refused before anybody prints it, with the place. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { checkPapers, definitionFaults } from './check.ts';
import type { PaperDefinition } from './definition.ts';
import { openDocuments } from './documents.ts';

const OWN = join(import.meta.dirname, '..', '..', 'content');
const folders: string[] = [];
after(() => {
  for (const each of folders) rmSync(each, { recursive: true, force: true });
});

/** The nonsense club of kite-flyers: a paper that nobody wrote code for. */
const CERTIFICATE: PaperDefinition = {
  title: { vi: 'Giấy chứng nhận hội viên thả diều', en: 'Certificate of the kite-flying club' },
  size: 'a5',
  roles: ['nurse'],
  number: { series: 'DIEU', each: 'year' },
  about: ['Patient'],
  sources: { flights: 'Observation?code=dieu' },
  fields: {
    name: { path: 'Patient.name.first()', as: 'upper' },
    flights: {
      path: '%flights',
      sort: 'effective',
      fields: { day: { path: 'effective', as: 'day' }, metres: 'value' },
    },
  },
  codes: { number: { kind: 'code128', path: '%number' } },
};
const HEAD =
  '#let d = json("/data.json")\n#set document(title: d.paper.title, date: datetime(..d.paper.day))\n#set text(font: "Be Vietnam Pro", lang: "vi", fallback: false)\n';
const TEMPLATE = `${HEAD}#d.paper.number #d.name bay #for each in d.flights [#each.day: #each.metres]
#image("/codes/number.png", width: 4cm)
`;
const SAMPLE = {
  patient: { resourceType: 'Patient', id: 'p', name: [{ text: 'Ẵm' }] },
  found: {
    flights: [
      {
        resourceType: 'Observation',
        id: 'o',
        effectiveDateTime: '2026-05-01',
        valueQuantity: { value: 41.5, unit: 'm' },
      },
    ],
  },
};

async function faultsOf({
  definition = CERTIFICATE,
  template = TEMPLATE,
  sample = SAMPLE as unknown,
} = {}): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'yba-kites-'));
  folders.push(folder);
  const paper = join(folder, 'documents', 'tha-dieu');
  mkdirSync(paper, { recursive: true });
  writeFileSync(join(paper, '2026-01-01.json'), JSON.stringify(definition));
  writeFileSync(join(paper, '2026-01-01.typ'), template);
  if (sample !== null) writeFileSync(join(paper, '2026-01-01.sample.json'), JSON.stringify(sample));
  const content = openContent(folder);
  const documents = openDocuments(content);
  try {
    return (await checkPapers(content, documents)).map(
      ({ place, textEn }) => `${place.split(': ')[1]}: ${textEn}`,
    );
  } finally {
    documents.close();
  }
}

test('the papers of the program and a paper without any code of its own are sound', async () => {
  assert.deepEqual(await faultsOf(), []);
  const content = openContent(OWN);
  const documents = openDocuments(content);
  try {
    assert.deepEqual(await checkPapers(content, documents), []);
  } finally {
    documents.close();
  }
});

test('a wrong expression, an unknown type and a wrong search are named by their place in the definition', () => {
  const placeOf = (more: Partial<PaperDefinition>) =>
    definitionFaults({ ...CERTIFICATE, ...more }).map(({ place }) => place);
  assert.deepEqual(placeOf({ fields: { name: 'Patient.nmae' } }), ['fields.name.path.expression']);
  assert.deepEqual(placeOf({ fields: { name: 'Patient.name.where(' } }), ['fields.name.path.expression']);
  assert.deepEqual(placeOf({ fields: { name: '%khong' } }), ['fields.name.path.expression']);
  assert.deepEqual(placeOf({ fields: { rows: { path: '%flights', fields: { x: 'nothing' } } } }), [
    'fields.rows.fields.x.path.expression',
  ]);
  assert.deepEqual(placeOf({ sources: { flights: 'Observation?khong=1' }, fields: {} }), [
    'sources.flights.expression',
  ]);
  assert.deepEqual(placeOf({ sources: { flights: 'Kite?x=1' }, fields: {} }), ['sources.flights.expression']);
  assert.deepEqual(placeOf({ codes: { number: { kind: 'code128' } } }), ['codes.number']);
  assert.deepEqual(placeOf({ size: 'a3' as never }), ['size']);
  assert.deepEqual(placeOf({ fields: { name: { path: 'Patient.name', as: 'loud' as never } } }), [
    'fields.name.as',
  ]);
  assert.deepEqual(placeOf({ fields: { name: { answer: 'x' } } }), ['fields.name.answer']);
  assert.deepEqual(placeOf({ colour: 'red' } as never), ['colour']);
});

test('what the template asks for and nobody gives is named by line and column', async () => {
  assert.deepEqual(await faultsOf({ template: `${HEAD}\n  #d.nmae` }), [
    'tha-dieu/2026-01-01.typ:5:4: the paper has no field "nmae"',
  ]);
  assert.match(
    (await faultsOf({ template: `${HEAD}#image("/codes/qr.png")` })).join(),
    /typ:4:8: the paper has no code "qr"/,
  );
  assert.match((await faultsOf({ template: `${HEAD}Diều 🪁` })).join(), /typ:4:6: the font cannot draw "🪁"/);
  assert.match(
    (await faultsOf({ template: `${HEAD}#for each in d.flights [#each.colour]` })).join(),
    /typ:4:\d+: .*colour/,
  );
  assert.match(
    (await faultsOf({ template: `${HEAD}#let x = ` })).join(),
    /tha-dieu\/2026-01-01\.typ:\d+:\d+/,
  );
});

test('no sample, a text that the code cannot hold, a font of the machine: each is a fault', async () => {
  assert.match((await faultsOf({ sample: null })).join(), /sample\.json: there is no sample/);
  const ean = { ...CERTIFICATE, codes: { number: { kind: 'ean13' as const, path: '%number' } } };
  assert.match(
    (await faultsOf({ definition: ean })).join(),
    /barcode "number" \(ean13\) cannot hold its text/,
  );
  const other = TEMPLATE.replace(
    'font: "Be Vietnam Pro", lang: "vi", fallback: false',
    'font: "Libertinus Serif", lang: "vi"',
  );
  assert.match((await faultsOf({ template: other })).join(), /uses the font .*Libertinus/);
});
