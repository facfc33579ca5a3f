/** Every read of the FHIR interface as one function of address and session, for requests and for entries of Bundles. */
import { Failure } from '../../failure.ts';
import { asResourceType, CARRIERS, isId, RENDERED, versionOfTag, versionTag } from '../names.ts';
import { answerDocument } from '../operations/document.ts';
import { answerEverything, readEverything, refuseEverybody } from '../operations/everything.ts';
import { answerLastN } from '../operations/last-n.ts';
import { runTerminology, terminologyOperation } from '../operations/terminology/index.ts';
import type { ResourceType } from '../types.ts';
import { bodyBytes, prettyBytes } from './bundle-bytes.ts';
import { answerCompartment, isCompartment } from './compartment.ts';
import { answerContained, readContained, withoutContained } from './contained-search.ts';
import { type Answer, type GetContext, refuseParams } from './context.ts';
import { type Demand, readDemand } from './demand.ts';
import { answerHistory } from './history.ts';
import { answerMeta } from './meta.ts';
import { answerSearch, checkElements } from './search.ts';
import { answerSystemSearch } from './system-search.ts';

/**
 * @param path below the base: `Patient/x`, `Patient/x/_history/2`, `Observation`, `Patient/x/Observation`, '' = system
 * @param query name/value pairs in order
 */
export async function answerGet(
  context: GetContext,
  path: string,
  query: [string, string][],
): Promise<Answer> {
  const demand = readDemand(query);
  const answer = await route(context, path, demand);
  return demand.pretty && answer.body !== null ? { ...answer, body: prettyBytes(answer.body) } : answer;
}

async function route(context: GetContext, path: string, demand: Demand): Promise<Answer> {
  const steps = path.split('/').filter((step) => step !== '');
  if (steps.length === 0) return answerSystemSearch(context, demand);
  if (steps[0] === '_history' && steps.length === 1) return answerHistory(context, {}, demand);
  const type = asResourceType(steps[0]!);
  const [, id, action, detail] = steps;
  const isHistory = id === '_history' || action === '_history';
  if (CARRIERS.has(type) || (isHistory && RENDERED.has(type))) throw notKept(type);
  if (id === undefined) return answerType(context, type, demand);
  if (id === '_history' && action === undefined) return answerHistory(context, { type }, demand);
  const ofType = action === undefined ? OF_TYPE[`${type}/${id}`] : undefined;
  if (ofType) return ofType(context, demand);
  const terms = terminologyOperation(type, action ?? id, action !== undefined);
  if (terms && detail === undefined && (action === undefined || isId(id))) {
    const instance = action === undefined ? undefined : id;
    return answerResource(await runTerminology(context.session, terms, instance, demand.params));
  }
  if (!isId(id)) throw noAddress(path);
  if (action === undefined) return answerRead(context, type, id, undefined, demand);
  if (action === '_history') {
    if (detail === undefined) return answerHistory(context, { type, id }, demand);
    const version = /^[1-9]\d{0,8}$/.test(detail) ? Number(detail) : null;
    if (version === null || steps.length > 4) throw noVersion(path);
    return answerRead(context, type, id, version, demand);
  }
  if (action === '$meta' && detail === undefined) {
    refuseParams(demand.params);
    return answerMeta(context.session, type, id);
  }
  if (action === '$everything' && detail === undefined && (type === 'Patient' || type === 'Encounter')) {
    return answerEverything(context, readEverything(type, id, demand), { ...demand, pretty: false });
  }
  if (action === '$document' && detail === undefined && type === 'Composition') {
    return answerDocument(context, id, demand);
  }
  if (isCompartment(type) && detail === undefined && !action.startsWith('$'))
    return answerCompartment(context, type, id, action, demand);
  throw noAddress(path);
}

function answerType(context: GetContext, type: ResourceType, demand: Demand): Promise<Answer> {
  const ask = readContained(demand);
  return ask === undefined
    ? answerSearch(context, type, withoutContained(demand), type)
    : answerContained(context, type, demand, ask);
}

/** What an operation made. */
export function answerResource(resource: object): Answer {
  return { status: 200, body: Buffer.from(JSON.stringify(resource)) };
}

/** Operations on a type, by address. */
const OF_TYPE: Partial<Record<string, (context: GetContext, demand: Demand) => Promise<Answer>>> = {
  'Observation/$lastn': answerLastN,
  'Patient/$everything': () => refuseEverybody('Patient'),
  'Encounter/$everything': () => refuseEverybody('Encounter'),
  'Composition/$document': (context, demand) => answerDocument(context, undefined, demand),
};

async function answerRead(
  context: GetContext,
  type: ResourceType,
  id: string,
  version: number | undefined,
  demand: Demand,
): Promise<Answer> {
  refuseParams(demand.params);
  if (!context.lenient) checkElements([type], demand.subset);
  const stored = await context.session.readStored(type, id, version);
  const etag = versionTag(stored.version);
  const head = { etag, lastModified: stored.lastUpdated };
  if (isUnchanged(context, stored.version, stored.lastUpdated)) return { status: 304, body: null, ...head };
  return { status: 200, body: bodyBytes(stored, demand.subset), ...head };
}

/** R4 http.html#cread: If-None-Match goes before If-Modified-Since. */
function isUnchanged(context: GetContext, version: number, lastUpdated: string): boolean {
  if (context.ifNoneMatch !== undefined) {
    return context.ifNoneMatch.split(',').some((tag) => tag.trim() === '*' || versionOfTag(tag) === version);
  }
  if (context.ifModifiedSince === undefined) return false;
  const since = Date.parse(context.ifModifiedSince);
  return Number.isFinite(since) && Math.floor(Date.parse(lastUpdated) / 1000) * 1000 <= since;
}

function notKept(type: ResourceType): Failure {
  return new Failure('not-supported', `${type} không được lưu tại đây, hoặc không có phiên bản.`, {
    textEn: `${type} is not kept here, or has no versions.`,
  });
}

function noAddress(path: string): Failure {
  return new Failure('not-found', `Không có địa chỉ "${path}".`, {
    textEn: `There is nothing at "${path}".`,
  });
}

function noVersion(path: string): Failure {
  return new Failure('not-found', `Không có phiên bản "${path}".`, {
    textEn: `There is no version "${path}".`,
  });
}
