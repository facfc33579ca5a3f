/** Views that lie in the program: those of the content, and those that partners keep as R4 Libraries (docs/adr/0012). */

import type { Content } from '../../../kernel/content/content.ts';
import { Failure } from '../../../kernel/failure.ts';
import { readStoredJson } from '../../../kernel/fhir/json/read.ts';
import type { FhirSession } from '../../../kernel/fhir/session/session.ts';
import type { ViewDefinition } from '../view-table.ts';
import type { GivenView } from './ask.ts';

interface Places {
  session: FhirSession;
  content: Content;
}

const REFERENCE = /^(?:(?:\S+\/)?(ViewDefinition|Library)\/)?([A-Za-z0-9\-._]{1,64})$/;

/**
 * @throws Failure `not-found`, `invalid-parameter` for a reference that is none; `forbidden` when the Library may not be read
 */
export async function findView(places: Places, given: GivenView): Promise<ViewDefinition> {
  if ('resource' in given) return given.resource;
  const { reference } = given;
  const [, type, id] = REFERENCE.exec(reference) ?? [];
  if (id === undefined) return byCanonical(places, reference);
  const ours = type === 'Library' ? null : ofContent(places.content, id);
  return (
    ours ??
    ofLibrary(JSON.parse((await places.session.readStored('Library', id)).body.toString('utf8')), reference)
  );
}

function ofContent(content: Content, name: string): ViewDefinition | null {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) return null;
  try {
    return content.json<ViewDefinition>(`views/${name}`);
  } catch {
    return null;
  }
}

/** `http://…/x` or `http://…/x|1.0`, the canonical address of a Library. */
async function byCanonical({ session }: Places, reference: string): Promise<ViewDefinition> {
  const [url = '', version] = reference.split('|');
  if (!/^[a-z][a-z0-9+.-]*:\S+$/i.test(url)) throw wrongReference(reference);
  const query: [string, string][] = [
    ['url', url],
    ['_sort', '-_lastUpdated'],
    ['_count', '1'],
  ];
  if (version !== undefined) query.push(['version', version]);
  const { matches } = await session.searchStored('Library', query);
  const [found] = matches;
  if (found) return ofLibrary(readStoredJson(found.body), reference);
  throw new Failure('not-found', `Không có khung nhìn "${reference}".`, {
    textEn: `There is no Library with the canonical address "${reference}".`,
    expression: 'viewReference',
  });
}

interface Attachment {
  contentType?: string;
  data?: string;
}

function ofLibrary(library: unknown, reference: string): ViewDefinition {
  const { content = [] } = library as { content?: Attachment[] };
  for (const { contentType = '', data } of content) {
    if (data === undefined || !/json/.test(contentType)) continue;
    const view = parsed(Buffer.from(data, 'base64').toString('utf8'));
    if (view?.resourceType === 'ViewDefinition') return view;
  }
  throw new Failure(
    'invalid-parameter',
    `"${reference}" không chứa ViewDefinition nào (Library.content, application/json).`,
    {
      textEn: `"${reference}" holds no ViewDefinition: Library.content with contentType application/json and its data.`,
      expression: 'viewReference',
    },
  );
}

function parsed(text: string): ViewDefinition | null {
  try {
    return JSON.parse(text) as ViewDefinition;
  } catch {
    return null;
  }
}

function wrongReference(reference: string): Failure {
  return new Failure('invalid-parameter', `"${reference}" không phải tham chiếu tới khung nhìn.`, {
    textEn: `"${reference}" is no reference to a view: ViewDefinition/<name>, Library/<id> or a canonical address.`,
    expression: 'viewReference',
  });
}
