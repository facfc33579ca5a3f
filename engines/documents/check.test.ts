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
  '#set page(paper: "a5"); #let d = json("/data.json")\n#set document(title: d.paper.title, date: datetime(..d.paper.day))\n#set text(font: "Be Vietnam Pro", lang: "vi", fallback: false)\n';
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

/** A form that the paper `form-dieu` shows. */
const FORM = {
  resourceType: 'Questionnaire',
  item: [{ linkId: 'bay', type: 'group', item: [{ linkId: 'cao', type: 'integer' }] }],
};

async function faultsOf({
  definition = CERTIFICATE,
  template = TEMPLATE,
  sample = SAMPLE as unknown,
  key = 'tha-dieu',
} = {}): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'yba-kites-'));
  folders.push(folder);
  const paper = join(folder, 'documents', key);
  mkdirSync(paper, { recursive: true });
  writeFileSync(join(paper, '2026-01-01.json'), JSON.stringify(definition));
  writeFileSync(join(paper, '2026-01-01.typ'), template);
  mkdirSync(join(folder, 'forms', 'dieu'), { recursive: true });
  writeFileSync(join(folder, 'forms', 'dieu', '2026-01-01.json'), JSON.stringify(FORM));
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
  const numbered = (as: string) => placeOf({ number: { series: 'DIEU', each: 'year', as } });
  assert.deepEqual(numbered('{number:5}.{series}.{unit}.{yy}'), []);
  for (const wrong of [
    '{series}.{unit}.{yy}',
    '{number}.{unit}',
    '{number}.{yy}',
    '{number}.{unit}.{yy}.{kite}',
  ])
    assert.deepEqual(numbered(wrong), ['number.as'], wrong);
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

test('a page of another size, and a text that runs over a label or a ticket, are faults', async () => {
  const other = TEMPLATE.replace('paper: "a5"', 'paper: "a4"');
  assert.deepEqual(await faultsOf({ template: other }), [
    'tha-dieu/2026-01-01.typ: a page of 210 × 297 mm is not a5',
  ]);
  const across = TEMPLATE.replace('paper: "a5"', 'paper: "a5", flipped: true');
  assert.deepEqual(await faultsOf({ template: across }), []);
  for (const size of ['label', 'roll'] as const) {
    const small = TEMPLATE.replace('paper: "a5"', 'width: 80mm, height: 20mm, margin: 2mm');
    const definition = { ...CERTIFICATE, size };
    assert.match(
      (await faultsOf({ definition, template: `${small}\n#lorem(60)` })).join(),
      /typ: the text does not fit: \d+ pages in the place of one/,
    );
  }
  const narrow = TEMPLATE.replace('paper: "a5"', 'width: 58mm, height: auto');
  assert.match(
    (await faultsOf({ definition: { ...CERTIFICATE, size: 'roll' }, template: narrow })).join(),
    /is not roll/,
  );
});

test('a question that the form of the paper does not have is named where it is asked for', async () => {
  const definition: PaperDefinition = {
    ...CERTIFICATE,
    about: ['QuestionnaireResponse'],
    fields: {
      high: { answer: 'cao' },
      wide: { answer: 'rong' },
      long: "%about.repeat(item).where(linkId = 'dai').answer.value",
    },
  };
  const template = `${HEAD}#d.high #d.wide #d.long`;
  assert.deepEqual(await faultsOf({ definition, template, key: 'form-dieu' }), [
    'fields.wide.answer: the form "dieu" of 2026-01-01 has no question "rong"',
    'fields.long.path: the form "dieu" of 2026-01-01 has no question "dai"',
  ]);
});
