/** What a module or engine is handed when the program starts: the record and its services, and nothing of HTTP or main. */
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import type { Messenger } from './access/citizens/messenger.ts';
import type { Actor, Gate } from './access/contract.ts';
import type { Content } from './content/content.ts';
import type { Events } from './events/contract.ts';
import type { Operation } from './fhir/operations/definition.ts';
import type { Keyring } from './keys/index.ts';
import type { Service } from './outbound/service.ts';
import type { Store } from './store/contract.ts';

export interface Settings {
  /** Folder of the embedded database and of files. */
  dataFolder: string;
  /** True in the demo province: demo accounts exist, only loopback is bound unless told. */
  demo: boolean;
  /** Today and now; tests replace it. ISO instants are made from it. */
  now(): Date;
}

export interface Kernel {
  settings: Settings;
  store: Store;
  /** SQL of tables that a module owns because FHIR has no resource for them (its README says which and why). */
  pool: Pool;
  /** Opens the record in the name of an actor: policy and audit on every call. */
  gate: Gate;
  events: Events;
  content: Content;
  /** Seals what a module must read again and nobody else may. */
  keys: Keyring;
  /** How a short message reaches a phone; null = no gateway is connected, and nothing may say that one was sent. */
  messenger: Messenger | null;
  /** A register of vaccinations elsewhere; null = none is connected, and nothing may say that it was asked. */
  immunisationRegister: Service | null;
  /** Address under which the program is known outside: the issuer of tokens and signed papers. */
  issuer(): string;
}

/** The front door of a module: everything `main` needs to put it into the house. */
export interface Module {
  name: string;
  /** Numbered plain .sql files, applied once each in order, under the module's name. Absolute folder path. */
  schemaFolder?: string;
  /** Routes under /api/<name>/…; every route takes its actor from `actorOf(request)`. */
  routes?(app: FastifyInstance, kernel: Kernel): void | Promise<void>;
  /** Operations below `/fhir`, beside the program's own: the same sign-in, bodies as Buffers, failures as OperationOutcomes. */
  fhir?(app: FastifyInstance, kernel: Kernel): void | Promise<void>;
  /** What `/metadata` announces of them. */
  operations?: readonly Operation[];
  /** Consumers of the change feed and jobs; called once after the schema is in place. */
  start?(kernel: Kernel): void | Promise<void>;
}

export type { RecordSession } from './access/contract.ts';
export type { Actor };
