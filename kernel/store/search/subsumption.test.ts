/** `:below` and `:above` of codes whose system is not said, and of MIME types (R4 search.html#token, #mimetype). */
import type { Resource } from '../../fhir/types.ts';
import { put } from '../samples.testing.ts';
import { tableOf, withStored } from './stored.testing.ts';

const system = (id: string, concept: object[]) => ({
  resourceType: 'CodeSystem',
  id,
  url: `http://cs/${id}`,
  status: 'active',
  content: 'complete',
  concept,
});
const condition = (id: string, code: string, of: string) => ({
  resourceType: 'Condition',
  id,
  subject: { reference: 'Patient/an' },
  code: { coding: [{ system: of, code }] },
});
const paper = (id: string, contentType: string) => ({
  resourceType: 'DocumentReference',
  id,
  status: 'current',
  content: [{ attachment: { contentType, url: `http://x/${id}` } }],
});
const RESOURCES = [
  system('one', [{ code: 'A', concept: [{ code: 'A1', concept: [{ code: 'A11' }] }] }, { code: 'B' }]),
  system('two', [{ code: 'A', concept: [{ code: 'Z' }] }]),
  condition('a', 'A', 'http://cs/one'),
  condition('a1', 'A1', 'http://cs/one'),
  condition('a11', 'A11', 'http://cs/one'),
  condition('b', 'B', 'http://cs/one'),
  condition('z', 'Z', 'http://cs/two'),
  condition('unknown', 'A', 'http://unknown'),
  condition('icd', 'E11.9', 'http://hl7.org/fhir/sid/icd-10'),
  paper('xml', 'text/xml'),
  paper('xml-utf8', 'text/xml; charset=UTF-8'),
  paper('XML', 'Text/XML;charset=utf-8'),
  paper('plain', 'text/plain'),
  paper('png', 'image/png'),
] as unknown as Resource[];

const table = tableOf(
  withStored(
    async (store) =>
      void (await store.commit(
        RESOURCES.map((one) => put(one)),
        [],
      )),
  ),
);

table('a code without a system is asked of every system in use, and of any is the code itself', [
  ['Condition?code:below=A', 'a a1 a11 z unknown'],
  ['Condition?code:below=A1', 'a1 a11'],
  ['Condition?code:above=A11', 'a a1 a11'],
  ['Condition?code:above=Z', 'z'],
  ['Condition?code:below=E11', 'icd'],
  ['Condition?code:below=http://cs/two|A', 'z'],
  ['Condition?code:below=nothing', ''],
  ['Condition?_filter=code ss A1', 'a1 a11'],
]);

table('a MIME type with its parameters lies below the type, and all of a kind below the kind', [
  ['DocumentReference?contenttype=text/xml', 'xml'],
  ['DocumentReference?contenttype:below=text/xml', 'xml xml-utf8 XML'],
  ['DocumentReference?contenttype:below=text/xml;charset=utf-8', 'xml-utf8 XML'],
  ['DocumentReference?contenttype:below=text', 'xml xml-utf8 XML plain'],
  ['DocumentReference?contenttype:below=image/*', 'png'],
  ['DocumentReference?contenttype:below=text/x', ''],
  ['DocumentReference?contenttype:above=text/xml;charset=UTF-8', 'xml xml-utf8 XML'],
]);

table('a value set that its address says: the whole of a system, or what lies below a code', [
  ['Condition?code:in=http://cs/one%3Ffhir_vs', 'a a1 a11 b'],
  ['Condition?code:in=http://cs/one%3Ffhir_vs=isa/A1', 'a1 a11'],
  ['Condition?code:not-in=http://cs/one%3Ffhir_vs', 'z unknown icd'],
]);
