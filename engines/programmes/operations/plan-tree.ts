/** A PlanDefinition with everything that its actions refer to, compiled: what `$apply` asks of a person follows from it. */
import { compileCriterion, type Dialect } from '../../../kernel/fhir/person/index.ts';
import type {
  ActivityDefinition,
  Expression,
  PlanDefinition,
  PlanDefinitionAction,
  Resource,
} from '../../../kernel/fhir/types.ts';
import type { RecordSession } from '../../../kernel/kernel.ts';
import { ACTIVITY_KINDS } from '../activity.ts';
import type { Activity, DynamicValue, PlanNode } from '../applied.ts';
import type { FailAt } from '../fail-at.ts';

/** Plans that refer to plans, and actions in actions. */
const DEEPEST = 20;

interface Loading {
  session: RecordSession;
  dialect: Dialect;
  failAt: FailAt;
  /** Canonicals of the plans on the way: one that refers to itself is refused. */
  within: readonly string[];
}

export function planTree(definition: PlanDefinition, loading: Loading): Promise<PlanNode[]> {
  return nodesOf(definition.action ?? [], 'PlanDefinition', definition, loading);
}

async function nodesOf(
  actions: readonly PlanDefinitionAction[],
  place: string,
  plan: PlanDefinition,
  loading: Loading,
): Promise<PlanNode[]> {
  const nodes: PlanNode[] = [];
  for (const [at, action] of actions.entries())
    nodes.push(await nodeOf(action, `${place}.action[${at}]`, plan, loading));
  return nodes;
}

async function nodeOf(
  action: PlanDefinitionAction,
  place: string,
  plan: PlanDefinition,
  loading: Loading,
): Promise<PlanNode> {
  if (place.split('.action[').length > DEEPEST)
    throw loading.failAt(place, `lồng quá ${DEEPEST} tầng`, `is nested deeper than ${DEEPEST} levels`);
  const when = (action.condition ?? []).flatMap((condition, at) =>
    condition.kind === 'applicability'
      ? [compileCriterion(condition.expression, `${place}.condition[${at}].expression`, loading.dialect)]
      : [],
  );
  const at = `${place}.definitionCanonical`;
  const referred = await referredBy(action.definitionCanonical, plan, at, loading);
  const own = await nodesOf(action.action ?? [], place, plan, loading);
  const isPlan = referred?.resourceType === 'PlanDefinition';
  const theirs = isPlan ? await innerPlan(referred as PlanDefinition, at, loading) : [];
  return {
    action,
    place,
    when,
    dynamic: dynamicOf(action.dynamicValue, place, loading),
    activity:
      referred?.resourceType === 'ActivityDefinition'
        ? activityOf(referred as ActivityDefinition, at, loading)
        : null,
    nodes: [...theirs, ...own],
  };
}

function innerPlan(plan: PlanDefinition, place: string, loading: Loading): Promise<PlanNode[]> {
  const name = plan.url ?? `PlanDefinition/${plan.id}`;
  if (loading.within.includes(name))
    throw loading.failAt(place, `dẫn vòng về ${name}`, `refers to itself by way of ${name}`);
  return planTree(plan, { ...loading, within: [...loading.within, name] });
}

/** @throws Failure for a kind of which no request can be made, or a value that cannot be computed */
export function activityOf(
  definition: ActivityDefinition,
  place: string,
  loading: Pick<Loading, 'dialect' | 'failAt'>,
): Activity {
  const { kind = '', url, id, version } = definition;
  if (!ACTIVITY_KINDS.includes(kind))
    throw loading.failAt(
      place === 'ActivityDefinition' ? 'ActivityDefinition.kind' : place,
      kind === '' ? 'thiếu kind' : `không tạo được ${kind}`,
      kind === ''
        ? 'has no kind: what is to be made is not said'
        : `is of kind ${kind}; requests are made of ${ACTIVITY_KINDS.join(', ')}`,
    );
  return {
    definition,
    canonical: `${url ?? `ActivityDefinition/${id}`}${version ? `|${version}` : ''}`,
    dynamic: dynamicOf(definition.dynamicValue, place, loading),
  };
}

function dynamicOf(
  values: readonly { path?: string; expression?: Expression }[] = [],
  place: string,
  { dialect, failAt }: Pick<Loading, 'dialect' | 'failAt'>,
): DynamicValue[] {
  return values.map(({ path, expression }, at) => {
    const here = `${place}.dynamicValue[${at}]`;
    if (!path) throw failAt(`${here}.path`, 'thiếu đường dẫn', 'is missing');
    return { path, place: here, criterion: compileCriterion(expression, `${here}.expression`, dialect) };
  });
}

const REFERRED = ['ActivityDefinition', 'PlanDefinition', 'Questionnaire'] as const;

/** What a canonical leads to: in the definition itself (`#id`), or the newest of the record. Null = the action refers to nothing. */
async function referredBy(
  canonical: string | undefined,
  plan: PlanDefinition,
  place: string,
  { session, failAt }: Loading,
): Promise<Resource | null> {
  if (canonical === undefined) return null;
  const gone = () =>
    failAt(place, `không tìm thấy định nghĩa "${canonical}"`, `leads to no definition "${canonical}"`);
  if (canonical.startsWith('#')) {
    const found = (plan.contained ?? []).find(({ id }) => id === canonical.slice(1));
    if (!found) throw gone();
    return found as Resource;
  }
  const [url = '', version] = canonical.split('|');
  const query: [string, string][] = [
    ['url', url],
    ...(version ? [['version', version] as [string, string]] : []),
  ];
  for (const type of REFERRED) {
    const { matches } = await session.search(type, [...query, ['_sort', '-_lastUpdated'], ['_count', '1']]);
    if (matches[0]) return matches[0];
  }
  throw gone();
}
