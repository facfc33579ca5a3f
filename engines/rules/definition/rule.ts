/** A rule as the engine asks it: a PlanDefinition of type eca-rule, checked and compiled. Plain data and functions. */
import type { Dated } from '../../../kernel/content/dated.ts';
import type { Criterion, Source } from '../../../kernel/fhir/person/index.ts';
import type { Coding, PlanDefinition, Resource } from '../../../kernel/fhir/types.ts';
import type { Calculator } from '../calculators/index.ts';
import type { DynamicPart, Hook } from './names.ts';

/** A value that a rule writes for an input: a constant, or an expression. */
export type Given = { constant: unknown } | { criterion: Criterion };

/** What a variable is: an expression, or a calculator with its inputs. */
export type Variable =
  | { kind: 'expression'; criterion: Criterion }
  | { kind: 'calculator'; calculator: Calculator; inputs: ReadonlyMap<string, Given> };

export type Indicator = 'info' | 'warning' | 'critical';

export interface SuggestionRule {
  label: string;
  labelEn: string;
  recommended: boolean;
  type: 'create' | 'update' | 'delete';
  /** Applies only then. */
  condition: Criterion | null;
  /** What to do with: a contained resource, or an expression that gives a reference or a resource. */
  resource: Resource | null;
  target: Criterion | null;
  /** Carried out by the client's system (systemActions), not offered as a choice. */
  bySystem: boolean;
}

/** Something to open from a card. */
export interface RuleLink {
  label: string;
  labelEn: string;
  /** An https address, or a page of this program (`/ho-so/…`), with tokens `{{context.patientId}}`, `{{context.encounterId}}`. */
  url: string;
  type: 'absolute' | 'smart';
  /** Handed to a SMART app when it is launched. */
  appContext: string | null;
  autolaunchable: boolean;
}

export interface RuleAction {
  triggers: readonly Hook[];
  conditions: readonly Criterion[];
  each: Criterion | null;
  title: string;
  titleEn: string;
  description: string;
  descriptionEn: string;
  indicator: Indicator;
  /** Code of `cs.alertKind`. */
  kind: string | null;
  /** `must`: nobody signs against it; `must-unless-documented`: with a coded reason; `could`: at will. */
  behaviour: 'must' | 'must-unless-documented' | 'could';
  reasons: readonly Coding[];
  source: RuleSource;
  dynamic: ReadonlyMap<DynamicPart, Criterion>;
  suggestions: readonly SuggestionRule[];
  links: readonly RuleLink[];
}

export interface RuleSource {
  label: string;
  url: string | null;
}

export interface Rule {
  key: string;
  version: string;
  /** Days of validity, inclusive. */
  from: string;
  to: string | null;
  title: string;
  titleEn: string;
  description: string;
  descriptionEn: string;
  owner: string;
  /** Shows nothing: it is counted on the past until somebody approves it. */
  silent: boolean;
  /** Codes of `cs.role`; empty: to everybody. */
  roles: readonly string[];
  /** Codes of `cs.facilityType`; empty: everywhere. */
  places: readonly string[];
  variables: ReadonlyMap<string, Variable>;
  actions: readonly RuleAction[];
  /** What has to be read of the person. */
  sources: readonly Source[];
  /** LOINC codes of the measurements that its calculators look for; those of an expression's are in `sources` as all Observations. */
  measured: readonly string[];
  /** Canonical addresses that it asks with `memberOf()`. */
  valueSets: readonly string[];
  /** Where it asks for each. */
  valueSetPlaces: readonly { url: string; place: string }[];
  definition: PlanDefinition;
}

export type RuleFile = Dated<PlanDefinition>;
