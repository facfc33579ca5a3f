/** ISO 19005-2 clause by clause, each on an object that keeps it and on one that breaks it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schemaFaults, statesIn } from './meaning-faults.ts';
import { dictionaryFaults } from './object-faults.ts';

const LINK = '<< /Type /Annot /Subtype /Link /F 4 /Rect [0 0 9 9] >>';

test('what a typesetter writes has no faults', () => {
  for (const sound of [
    LINK,
    '<< /Type /Page /MediaBox [0 0 595.28 841.89] /Contents 4 0 R >>',
    '<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H >>',
    '<< /Type /Filespec /F (a.json) /UF (a.json) /AFRelationship /Source >>',
    '<< /Type /ExtGState /RI /Perceptual /HalftoneType 1 >>',
    '<< /Subtype /Image /BitsPerComponent 8 /Width 12 >>',
    '<< /Title (/XFA /PresSteps <0>) /ID [<00AF> <0B>] >>',
    '<< /Perms << /DocMDP 9 0 R >> >>',
  ])
    assert.deepEqual(dictionaryFaults(sound), [], sound);
});

test('each rule that is broken is told with its clause', () => {
  const broken: [dictionary: string, clause: RegExp][] = [
    ['<< /Filter [/FlateDecode /Crypt] >>', /^6\.1\.7\.2/],
    ['<< /ID [<0>] >>', /^6\.1\.6/],
    ['<< /ID [<0G>] >>', /^6\.1\.6/],
    ['<< /Perms << /DocMDP 9 0 R /UR 3 0 R >> >>', /^6\.1\.12/],
    ['<< /Type /Page /MediaBox [0 0 2 800] >>', /^6\.1\.13/],
    ['<< /Type /Page /MediaBox [0 0 14401 800] >>', /^6\.1\.13/],
    ['<< /S /GTS_PDFA1 /DestOutputProfileRef << >> >>', /^6\.2\.3/],
    ['<< /Type /ExtGState /HTP [0 0] >>', /^6\.2\.5/],
    ['<< /Type /Halftone /HalftoneType 6 >>', /^6\.2\.5/],
    ['<< /Type /ExtGState /RI /Vivid >>', /^6\.2\.6/],
    ['<< /Subtype /Image /BitsPerComponent 12 >>', /^6\.2\.8/],
    ['<< /Subtype /Form /Ref << >> >>', /^6\.2\.9/],
    ['<< /Type /Font /Subtype /Type0 /Encoding /UniGB-UCS2-H >>', /^6\.2\.11\.3\.3/],
    [LINK.replace('/F 4', '/F 0'), /^6\.3\.2: .* not printed/],
    [LINK.replace('/F 4', '/F 6'), /^6\.3\.2: .* hidden/],
    [LINK.replace('/Link', '/Stamp'), /^6\.3\.3/],
    ['<< /Fields [] /NeedAppearances true >>', /^6\.4\.1/],
    ['<< /Subtype /Widget /AA << >> >>', /^6\.4\.1/],
    ['<< /Type /Catalog /NeedsRendering true >>', /^6\.4\.2/],
    ['<< /Fields [] /XFA 3 0 R >>', /^6\.4\.2/],
    ['<< /Type /Page /AA << /O 3 0 R >> >>', /^6\.5\.2/],
    ['<< /Type /Filespec /F (a) /AFRelationship /Source >>', /^6\.8/],
    ['<< /OCGs [3 0 R] /D << /AS [<< >>] >> >>', /^6\.9/],
    ['<< /Type /Page /PresSteps << >> >>', /^6\.10/],
    ['<< /Type /Catalog /Requirements [] >>', /^6\.11/],
  ];
  for (const [dictionary, clause] of broken) {
    const faults = dictionaryFaults(dictionary);
    assert.equal(faults.length, 1, `${dictionary}: ${faults.join('; ')}`);
    assert.match(faults[0]!, clause);
  }
});

test('6.6.2.3.1: a schema that is neither known nor described', () => {
  const xmp = '<rdf:Description xmlns:dieu="http://dieu"><dieu:bay>1</dieu:bay><dc:title/></rdf:Description>';
  assert.match(schemaFaults(xmp).join(), /"dieu"/);
  assert.deepEqual(schemaFaults(`${xmp}<pdfaSchema:prefix>dieu</pdfaSchema:prefix>`), []);
});

test('graphics states are counted as operators, not within texts, names or pictures', () => {
  assert.deepEqual(statesIn('q 1 0 0 1 0 0 cm (q Q q) Tj /q gs [(Q)] TJ\nQ'), ['q', 'Q']);
  assert.deepEqual(statesIn('q BI /W 1 ID q q EI Q'), ['q', 'Q']);
});
