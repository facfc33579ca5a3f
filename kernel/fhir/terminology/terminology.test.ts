import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openContent } from '../../content/content.ts';
import { Failure } from '../../failure.ts';
import { cs } from '../systems.ts';
import { searchLines } from './module.ts';
import { openTerminology } from './terminology.ts';

const content = openContent(join(import.meta.dirname, '../../../content'));
const terminology = openTerminology(content);
const codes = (list: string, text: string, date = '2026-11-22', limit = 5) =>
  terminology.search(list, text, { limit, date }).map((concept) => concept.code);

describe('search as one types', () => {
  test('case, tone marks and đ are folded', () => {
    for (const text of ['Đái tháo đường', 'dai thao duong', 'ĐÁI THÁO ĐƯỜNG']) {
      assert.equal(codes('icd-10', text)[0], 'E11.9', text);
    }
  });

  test('words may stand in any order and each may be a beginning', () => {
    assert.ok(codes('icd-10', 'hong viem cap').includes('J02.9'));
    assert.ok(codes('icd-10', 'vie pho kh da').includes('J18.9'));
    assert.ok(codes('icd-10', 'vi ph').length > 0);
  });

  test('typed marks bring the names with the same marks first', () => {
    const first = terminology.search('icd-10', 'sỏi', { limit: 5, date: '2026-11-22' });
    assert.ok(first.every((concept) => concept.display.toLowerCase().includes('sỏi')));
    const measles = terminology.search('icd-10', 'sởi', { limit: 5, date: '2026-11-22' });
    assert.ok(measles.every((concept) => concept.display.toLowerCase().includes('sởi')));
  });

  test('the beginning of a code, with or without its dot', () => {
    assert.deepEqual(codes('icd-10', 'E11.9'), ['E11.9']);
    assert.deepEqual(codes('icd-10', 'e119'), ['E11.9']);
    assert.ok(codes('icd-10', 'J0').every((code) => code.startsWith('J0')));
    assert.equal(codes('loinc', '4548-4')[0], '4548-4');
  });

  test('what people say finds the official name', () => {
    assert.equal(codes('icd-10', 'cao huyết áp')[0], 'I10');
    assert.equal(codes('icd-10', 'tieu duong')[0], 'E11.9');
    assert.equal(codes('icd-10', 'tay chan mieng')[0], 'B08.4');
    assert.equal(codes('icd-10', 'THA')[0], 'I10');
  });

  test('English names are found too', () => {
    assert.ok(codes('icd-10', 'acute pharyngitis').includes('J02.9'));
  });

  test('nothing typed gives the list, nonsense gives nothing', () => {
    assert.equal(codes('dan-toc', '', '2026-11-22', 100).length, 56);
    assert.deepEqual(codes('icd-10', 'qqqq zzzz'), []);
    assert.deepEqual(codes('icd-10', '%_\\'), codes('icd-10', ''));
  });

  test('the same as comparing every row, for a hundred queries', () => {
    const all = terminology.search('icd-10', '', { limit: 20_000, date: '2026-11-22' });
    const fold = (text: string) =>
      text
        .normalize('NFD')
        .replace(/\p{M}/gu, '')
        .replace(/[đĐ]/g, 'd')
        .toLowerCase()
        .split(/[^a-z0-9]+/u)
        .filter(Boolean);
    const own = all.map((concept) => fold(`${concept.display} ${concept.displayEn ?? ''}`));
    for (let at = 7; at < all.length; at += 121) {
      const words = fold(all[at]!.display)
        .filter((word) => !/\d/.test(word))
        .slice(0, 3);
      if (words.length < 2) continue;
      const query = words
        .map((word) => word.slice(0, 3))
        .reverse()
        .join(' ');
      const found = new Set(codes('icd-10', query, '2026-11-22', 20_000));
      const named = all.filter((_, row) =>
        query.split(' ').every((word) => own[row]!.some((other) => other.startsWith(word))),
      );
      for (const concept of named) assert.ok(found.has(concept.code), `${query} should find ${concept.code}`);
    }
  });
});

describe('a code on a day', () => {
  test('the list of the day holds: loại KCB 12 exists since 2026-08-01 (QĐ 1804/QĐ-BYT)', () => {
    assert.equal(terminology.validate(cs.visitType, '12', '2026-07-31').result, 'not-in-force');
    assert.equal(terminology.validate(cs.visitType, '12', '2026-08-01').result, 'valid');
    assert.equal(terminology.lookup(cs.visitType, '04', '2026-07-31')?.display, 'Điều trị nội trú ban ngày');
    assert.equal(terminology.lookup(cs.visitType, '04', '2026-08-01')?.display, 'Điều trị ban ngày');
  });

  test('đối tượng KCB 1.12 came with QĐ 3276/QĐ-BYT, 7.1 went with it', () => {
    assert.equal(terminology.validate(cs.patientCategory, '7.1', '2025-06-30').result, 'valid');
    assert.equal(terminology.validate(cs.patientCategory, '7.1', '2025-07-01').result, 'not-in-force');
    assert.equal(terminology.validate(cs.patientCategory, '1.12', '2026-11-22').result, 'valid');
  });

  test('marks of ICD-10 are no part of the code', () => {
    assert.equal(terminology.lookup(cs.icd10, 'A17.0†')?.code, 'A17.0');
    assert.equal(terminology.lookup(cs.icd10, 'G01*')?.properties.mark, '*');
  });

  test('limits of a code are carried', () => {
    const pregnancy = terminology.lookup(cs.icd10, 'Z34.9', '2026-11-22');
    assert.equal(pregnancy?.properties.sex, 'F');
    assert.equal(pregnancy?.properties.not_principal, '1');
    assert.match(pregnancy?.note ?? '', /không dùng làm bệnh chính/);
    assert.equal(
      terminology.lookup(cs.icd10, 'I10', '2026-11-22')?.displayEn,
      'Essential (primary) hypertension',
    );
  });

  test('a fragment cannot prove a code wrong, a complete list can', () => {
    assert.equal(terminology.validate(cs.icd10, 'X99.99', '2026-11-22').result, 'unknown-code');
    assert.equal(terminology.validate(cs.loinc, '99999-9', '2026-11-22').result, 'unverified');
    assert.equal(terminology.validate('http://example.org/cs', '1', '2026-11-22').result, 'unknown-list');
  });

  test('medicines, ingredients and services are lists by the names that their tables have', () => {
    assert.equal(terminology.lookup(cs.ingredient, 'acarbose')?.displayEn, 'acarbose');
    assert.equal(terminology.lookup(cs.ingredient, 'acarbose')?.properties.atc, 'A10BF01');
    assert.match(terminology.lookup(cs.medicine, 'T001')?.display ?? '', /^Paracetamol/);
    assert.equal(codes('hoat-chat', 'acarb')[0], 'acarbose');
    assert.match(terminology.lookup(cs.service, '02.03')?.display ?? '', /^Khám bệnh/);
  });

  test('no list has two rows of a code in force on one day', () => {
    for (const { list, file } of content.table('terminology/lists')) {
      const spans = new Map<string, [string, string][]>();
      for (const row of content.table(file!)) {
        const span: [string, string] = [row.valid_from!, row.valid_to || '9999-12-31'];
        for (const [from, to] of spans.get(row.code!) ?? []) {
          assert.ok(span[1] < from || to < span[0], `${list} ${row.code}: ${span} overlaps ${from} to ${to}`);
        }
        spans.set(row.code!, [...(spans.get(row.code!) ?? []), span]);
      }
      assert.ok(spans.size > 0, list);
    }
  });
});

describe('for screens', () => {
  const query = (more: Record<string, unknown>) =>
    searchLines(terminology, 'icd-10', { q: 'viem', ...more }, '2026-11-22');

  test('answers code, display, note and the list own columns', () => {
    const [line] = searchLines(terminology, 'icd-10', { q: 'G01', limit: '1' }, '2026-11-22');
    assert.equal(line?.code, 'G01');
    assert.match(line?.note ?? '', /hoa thị/);
    assert.equal(line?.properties.chapter, 'VI');
  });

  test('wrong parameters fail by name', () => {
    for (const wrong of [
      { limit: '0' },
      { limit: 'x' },
      { limit: '100000' },
      { date: 'yesterday' },
      { date: '2026-02-30' },
    ]) {
      assert.throws(
        () => query(wrong),
        (error) => error instanceof Failure && error.code === 'invalid-parameter',
      );
    }
    const missing = (error: unknown) => error instanceof Failure && error.code === 'not-found';
    assert.throws(() => searchLines(terminology, 'nope', { q: 'a' }, '2026-11-22'), missing);
  });
});

test('a list of a further content folder is read, and rows of one there are added to ours', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yba-lists-'));
  mkdirSync(join(folder, 'terminology'));
  mkdirSync(join(folder, 'catalog'));
  const header = 'list,system,file,names,title,title_en,content,parent,synonyms,notice';
  writeFileSync(
    join(folder, 'terminology', 'lists.csv'),
    `${header}\nmau-moi,,catalog/mau-moi,,Mẫu,Sample,complete,,,\n`,
  );
  writeFileSync(join(folder, 'catalog', 'mau-moi.csv'), 'code,display,own\na,Cái A,x\n');
  writeFileSync(
    join(folder, 'catalog', 'dan-toc.csv'),
    'code,display,valid_from,valid_to,source,status,own\n99x,Dân tộc thử,,,x,house,riêng\n',
  );
  const over = openTerminology(openContent(join(import.meta.dirname, '../../../content'), [folder]));
  assert.deepEqual(
    ['01', '99x'].map((code) => over.lookup('dan-toc', code)?.display),
    ['Kinh', 'Dân tộc thử'],
  );
  assert.equal(over.lookup('dan-toc', '99x')?.properties.own, 'riêng');
  assert.equal(over.lookup('mau-moi', 'a')?.display, 'Cái A');
  rmSync(folder, { recursive: true });
});
