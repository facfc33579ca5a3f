/** Who acts, and the record as that actor may see it. */
import type { FastifyRequest } from 'fastify';
import type { Bundle, Resource, ResourceOf, ResourceType } from '../fhir/types.ts';
import type { StoredVersion } from '../store/contract.ts';
import type { Role } from './accounts/staff-roles.ts';
import type { Action, Reach } from './decide.ts';

export type { Role } from './accounts/staff-roles.ts';

export interface Actor {
  /** Account id or client id. */
  id: string;
  name: string;
  roles: Role[];
  /** Organization id of the unit the actor works for; null for province-wide roles and system clients. */
  unit: string | null;
  /** Practitioner id, when the account belongs to a practitioner. */
  practitioner: string | null;
  ip: string;
  /** What the token allows; undefined = everything that the roles allow. */
  scopes?: readonly import('./scopes.ts').Scope[];
  /** Ids of the only Patients the actor may act for: a citizen and dependants, the patient of a launch. Undefined = not confined. */
  persons?: readonly string[];
  /** OAuth client through which a person acts. */
  client?: string;
  /** What a SMART app was launched with: ids of the Patient and the Encounter. `patient/…` scopes are of that patient. */
  launch?: { patient: string | null; encounter: string | null };
  /** Id of the HTTP request, and of the access token (`jti`): both stand in the audit. */
  request?: string;
  token?: string;
  /** How sign-in was proved: methods of RFC 8176 (`pwd`, `otp`, `hwk`, `mfa` …) and when, epoch seconds. */
  proof?: { methods: readonly string[]; at: number };
  /** Purpose of use: TREAT, HPAYMT, PUBHLTH, HOPERAT, BTG with its reason. */
  purpose: { code: string; reason?: string };
  /** The only purposes that a system may state; undefined = those of its role. */
  purposes?: readonly string[];
}

/** Parsed results of a search made by a module. */
export interface Found<T extends Resource> {
  matches: T[];
  included: Resource[];
  total?: number;
  next?: string;
}

/** One search about a person: the type, and what it asks beside the person. */
export type AboutQuery = readonly [type: ResourceType, more?: Readonly<Record<string, string>>];

/** What each of the queries finds. */
export type AboutAnswers<Q extends readonly AboutQuery[]> = { [K in keyof Q]: ResourceOf<Q[K][0]>[] };

/** The record in the name of one actor. Every method decides by policy first and leaves an audit line. */
export interface RecordSession {
  readonly actor: Actor;
  /** How far the actor may go with an action on a type, before any fact of a resource. */
  reach(action: Action, type: ResourceType): Reach;
  /** Whether the person's record is open to the actor as a whole: the role reaches the province, by care, by an emergency. */
  cares(patient: string): Promise<boolean>;
  /** Those of many persons for whom that is true, asked at once. */
  caredAmong(patients: readonly string[]): Promise<ReadonlySet<string>>;
  /** Fails with `not-found`, `gone`, `forbidden`. */
  read<T extends ResourceType>(type: T, id: string): Promise<ResourceOf<T>>;
  /** The stored bytes, for the FHIR edge. */
  readStored(type: ResourceType, id: string, version?: number): Promise<StoredVersion>;
  search<T extends ResourceType>(type: T, query: string | [string, string][]): Promise<Found<ResourceOf<T>>>;
  /**
   * Several searches about one person in one round trip and with one line of the audit. Each is read to its end unless
   * it has a `_count`.
   */
  searchAbout<const Q extends readonly AboutQuery[]>(patient: string, queries: Q): Promise<AboutAnswers<Q>>;
  /**
   * What the actor may see of the types under each of many persons: what `searchAbout` answers for each alone, read together, with one
   * line of the audit for each. A type that the role may not search is as if nothing of it were there.
   */
  recordsAmong(
    patients: readonly string[],
    types: readonly ResourceType[],
  ): Promise<ReadonlyMap<string, Resource[]>>;
  searchStored(
    type: ResourceType,
    params: [string, string][],
  ): Promise<import('../store/contract.ts').SearchAnswer>;
  /**
   * FHIR transaction (all or nothing) or batch. Resolves urn:uuid and conditional references, validates every
   * resource, and answers with a transaction-response Bundle. `Prefer` is the edge's matter.
   */
  transaction(bundle: Bundle): Promise<Bundle>;
  create<T extends Resource>(resource: T): Promise<T>;
  /** ifMatch is the version the caller saw; a conflict fails with `version-conflict` and both versions in details. */
  update<T extends Resource>(resource: T, ifMatch?: number): Promise<T>;
  remove(type: ResourceType, id: string, ifMatch?: number): Promise<void>;
  /** Audit of acts that are no read or write of a resource: print, export, open a screen of aggregates. */
  note(action: string, what: string, patient: string | null): Promise<void>;
}

export interface Gate {
  as(actor: Actor): RecordSession;
  /** The signed-in actor of a request; fails with `sign-in-required`. */
  actorOf(request: FastifyRequest): Actor;
  /** `as(actorOf(request))`. */
  session(request: FastifyRequest): RecordSession;
  /** Fails with `forbidden` unless the actor has one of the roles. */
  require(request: FastifyRequest, ...roles: Role[]): Actor;
  /** The program itself (demo generator, jobs); named in the audit like anyone else. */
  system(name: string): RecordSession;
}
