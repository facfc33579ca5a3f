/** The proof that a release is content: a nonsense release builds and is checked without a line of code about it. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openContent } from '../../../kernel/content/content.ts';
import { buildClaimFile } from './build.ts';
import { checkClaim } from './check.ts';
import { claimFacts } from './fixtures/claim-facts.ts';

const folder = mkdtempSync(join(tmpdir(), 'yba-release-'));
after(() => rmSync(folder, { recursive: true, force: true }));

mkdirSync(join(folder, 'insurance/xml'), { recursive: true });
for (const area of ['drug', 'catalog'])
  cpSync(join(import.meta.dirname, '../../../content', area), join(folder, area), { recursive: true });
const write = (name: string, lines: string[]) =>
  writeFileSync(join(folder, `insurance/${name}.csv`), `${lines.join('\n')}\n`);
write('xml/releases', [
  'release,name,valid_from,valid_to,basis,status',
  '9999-2026,QĐ 9999 về cua đá,2026-01-01,,,nonsense',
]);
write('xml/tables', [
  'release,table,label,path,rows,visit_types,basis',
  '9999-2026,CUA,Cua,HANG/CUA_DA,visit,,',
  '9999-2026,TOM,Tôm,AO/DAN/TOM,drug-lines,,',
]);
write('xml/9999-2026', [
  'table,order,field,label,type,max_length,format,required,list,fact,meaning,rule,valid_from,valid_to,source',
  'CUA,2,TEN_CUA,Tên cua,string,8,text,yes,,patient.name,,,,,',
  'CUA,1,CANG,Càng,number,3,integer,yes,,,,,,,',
  'TOM,1,RAU,Râu,string,,text,yes,,drug.name,,,,,',
  'TOM,2,VO,Vỏ,number,,amount,no,,money.thanh-tien-bv,,,2026-01-01,2026-06-30,',
  'TOM,3,DUOI,Đuôi,number,,quantity,CUA.TEN_CUA filled,,line.quantity,,,2026-07-01,,',
]);
write('check-rules', [
  'code,severity,table,field,when,predicate,arguments,message,remedy,basis,valid_from,valid_to',
  'DUOI-BE,error,TOM,DUOI,,range,20|30,đuôi {DUOI} quá bé,thả tôm về ao,,,',
]);
write('remedies', ['fact,remedy,remedy_en', 'patient.,đặt tên ngắn lại,']);

const content = openContent(folder);

test('a nonsense release is built: its own roots, its own fields in its own order, of its own dates', () => {
  const file = buildClaimFile(claimFacts(), content);
  assert.equal(
    file.xml.CUA,
    '<?xml version="1.0" encoding="utf-8"?><HANG><CUA_DA><CANG/><TEN_CUA>Nguyễn Thị Ánh Đào</TEN_CUA></CUA_DA></HANG>',
  );
  assert.equal(
    file.xml.TOM,
    '<?xml version="1.0" encoding="utf-8"?><AO><DAN><TOM><RAU>Paracetamol 500 mg</RAU><DUOI>10</DUOI></TOM>' +
      '<TOM><RAU>Calmezin</RAU><DUOI>10</DUOI></TOM></DAN></AO>',
  );
});

test('a nonsense release is checked by its own field table and its own rules', () => {
  const { tables, release } = buildClaimFile(claimFacts(), content);
  const faults = checkClaim(tables, release, content);
  assert.deepEqual(
    faults.map((fault) => [fault.code, fault.table, fault.field, fault.row]),
    [
      ['FIELD-REQUIRED', 'CUA', 'CANG', null],
      ['FIELD-LENGTH', 'CUA', 'TEN_CUA', null],
      ['DUOI-BE', 'TOM', 'DUOI', 1],
      ['DUOI-BE', 'TOM', 'DUOI', 2],
    ],
  );
  assert.equal(faults[1]?.text, 'Tên cua (TEN_CUA): dài 18 ký tự, vượt 8 ký tự cho phép; đặt tên ngắn lại.');
  assert.equal(faults[2]?.text, 'Đuôi (DUOI): đuôi 10 quá bé; thả tôm về ao.');
});

test('content that names an unknown fact, predicate or condition is refused by name', () => {
  const fields = (line: string) =>
    write('xml/9999-2026', [
      'table,order,field,label,type,max_length,format,required,list,fact,meaning,rule,valid_from,valid_to,source',
      line,
    ]);
  fields('CUA,1,CANG,Càng,number,3,integer,yes,,so-cang-cua,,,,,');
  assert.throws(() => buildClaimFile(claimFacts(), openContent(folder)), /so-cang-cua/);
  fields('CUA,1,CANG,Càng,number,3,integer,CANG to hơn MAI,,,,,,,');
  const odd = openContent(folder);
  const { tables, release } = buildClaimFile(claimFacts(), odd);
  assert.throws(() => checkClaim(tables, release, odd), /is not understood/);
});
