/**
 * Makes `content/people/cccd-provinces.csv` from section 1 of the shared page on citizen identity:
 * `node content/convert/people.ts [shared folder]`. `matching.csv` beside it is kept by hand.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedFolder, writeList } from './files.ts';

const page = join(sharedFolder(process.argv[2]), '../reference/citizen-identity-and-payment.md');
const line = readFileSync(page, 'utf8')
  .split('\n')
  .find((each) => each.startsWith('Province digits'));
const pairs = [...(line ?? '').matchAll(/(\d{3}) ([^,.()]+?)(?=, \d{3} |\. )/g)];
if (pairs.length !== 63) throw new Error(`63 former provinces expected in the page, found ${pairs.length}`);

writeList(
  'people/cccd-provinces.csv',
  [],
  pairs.map(([, code, display]) => ({
    code: code!,
    display: display!,
    source:
      'Quy định của Bộ Công an, theo bộ kiểm tra công khai HIS; mã 63 tỉnh cũ vẫn có giá trị trong số đã cấp',
    status: 'sourced',
  })),
);
