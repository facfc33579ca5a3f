/** HL7's example resources, sent to the whole program: stored, read as they were, found by what they hold. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { resourceTypeNames } from '../../kernel/fhir/definitions/index.ts';
import { type FhirWorld, issueOf, openFhirWorld } from '../../kernel/fhir/testing.ts';
import { ratchet } from '../ratchet.ts';
import { prepareFhirPath } from './asked.ts';
import { readDefinitions } from './definitions.ts';
import { type Example, inParallel, readExample, readExamples, readRefused, storeAll } from './examples.ts';
import { chunksOf, type Question, QuestionBook } from './questions.ts';
import { saysTheSame } from './same.ts';

const refused = readRefused();
/** `Type.parameter`, or `*.parameter` for every type → why it cannot be answered. */
const unanswered = JSON.parse(readFileSync(join(import.meta.dirname, 'unanswered.json'), 'utf8')) as Record<
  string,
  string
>;

/** Letters of a resource that `_content` is not asked of: it has no index, and the words of 35 MB are many. */
const LARGE = 200_000;

let world: FhirWorld;
/** Of those stored: neither texts nor trees, which fill a gigabyte. */
const stored: Pick<Example, 'file' | 'type' | 'id'>[] = [];
let book: QuestionBook;
before(async () => {
  world = await openFhirWorld();
  prepareFhirPath();
  book = new QuestionBook(readDefinitions(resourceTypeNames));
});
after(() => world.stop());

/** Those that are to be stored; the others are put aside. */
function* toStore(others: Example[]): Generator<Example> {
  for (const example of readExamples()) {
    const { file, type, id, resource, text } = example;
    if (refused[file]) {
      others.push(example);
      continue;
    }
    stored.push({ file, type, id });
    book.add(type, id, resource, text.length > LARGE ? ['_content'] : []);
    yield example;
  }
}

test('every example is stored under its id, or refused as refused.json says', async (context) => {
  const others: Example[] = [];
  assert.deepEqual(await storeAll(world, toStore(others)), []);
  for (const { file, type, id, text } of others) {
    const answer = await world.send('PUT', `/fhir/${type}/${id}`, text);
    assert.equal(answer.status, refused[file]!.status, `${file}: ${answer.text.slice(0, 300)}`);
    assert.ok(issueOf(answer).diagnostics?.includes(refused[file]!.says), `${file}: ${answer.text}`);
  }
  assert.deepEqual(others.map(({ file }) => file).sort(), Object.keys(refused).sort());
  ratchet(context, 'examples stored', stored.length);
});

test('every stored example is read as it was sent: numbers as written, everything in order', async () => {
  await inParallel(4, stored, async ({ file, type, id }) => {
    const answer = await world.send('GET', `/fhir/${type}/${id}`);
    assert.equal(answer.status, 200, file);
    assert.equal(answer.body.meta.versionId, '1', file);
    assert.ok(saysTheSame(answer, readExample(file)), file);
  });
});

interface Search {
  question: Question;
  /** Only these are looked for; none = all. */
  ids: readonly string[];
}

/** The content shows resources of these types beside the examples. */
const OF_CONTENT = new Set('CodeSystem ValueSet ConceptMap StructureDefinition Measure Basic'.split(' '));

/** What is wrong with a number of matches; null when nothing is. */
function faultOf({ question, ids }: Search, total: number): string | null {
  const { asked, all, exact } = question;
  const alone = exact && !OF_CONTENT.has(question.type);
  const right =
    ids.length > 0 ? total === ids.length : alone ? total === all.size : total >= question.ids.size;
  if (right) return null;
  const expected = ids.length > 0 ? ids : [...all];
  const name = `${question.type}?${question.code}=${asked.join('&').slice(0, 200)}`;
  return `${name}: ${total} of ${expected.length} found: ${expected.slice(0, 5)}`;
}

/** The search as it stands in a batch: how many are there? */
function urlOf({ question: { type, code, asked }, ids }: Search): string {
  const query = new URLSearchParams(asked.map((value) => [code, value]));
  if (ids.length > 0) query.set('_id', ids.join(','));
  query.set('_summary', 'count');
  return `${type}?${query}`;
}

/** Faults of up to 50 searches, asked in one batch. */
async function askAll(searches: readonly Search[]): Promise<string[]> {
  const entry = searches.map((search) => ({ request: { method: 'GET', url: urlOf(search) } }));
  const answer = await world.send('POST', '/fhir', { resourceType: 'Bundle', type: 'batch', entry });
  assert.equal(answer.status, 200, answer.text);
  return searches.flatMap((search, at) => {
    const { resource, response } = answer.body.entry[at];
    if (response.status.startsWith('200')) return faultOf(search, resource.total) ?? [];
    return `${urlOf(search).slice(0, 200)}: ${JSON.stringify(response)}`;
  });
}

test('every stored example is found by a value of each of its search parameters', async (context) => {
  const questions = book
    .questions()
    .filter(({ type, code }) => (unanswered[`${type}.${code}`] ?? unanswered[`*.${code}`]) === undefined);
  const searches = questions.flatMap((question) => {
    const among = chunksOf([...question.ids], 200).map((ids) => ({ question, ids }));
    // Every resource of the type would be read.
    return question.code === '_content' ? among : [{ question, ids: [] }, ...among];
  });
  const faults: string[] = [];
  await inParallel(2, chunksOf(searches, 50), async (chunk) => {
    faults.push(...(await askAll(chunk)));
  });
  assert.deepEqual(faults.slice(0, 30), [], `${faults.length} faults`);
  const pairs = questions.reduce((sum, question) => sum + question.pairs, 0);
  ratchet(context, 'parameter values found', pairs);
});

test('a parameter that is not answered is named with its reason, and is refused by its name', async () => {
  for (const [name, reason] of Object.entries(unanswered)) {
    const [type = '', code = ''] = name.split('.');
    assert.ok(reason.length > 20, name);
    const answer = await world.send('GET', `/fhir/${type === '*' ? 'Patient' : type}?${code}=x`);
    assert.equal(answer.status, 400, name);
    assert.match(issueOf(answer).diagnostics!, new RegExp(code), name);
  }
});
