/** Which emitter turns a value into entries: by the storage of its parameter and its data type. */
import { emitDate, emitMainDate, emitNumber, emitQuantity } from './emit-order.ts';
import { emitAttachment, emitReference, emitUri } from './emit-reference.ts';
import { emitPosition, emitSounds } from './emit-special.ts';
import { emitAddress, emitName, emitNameParts, emitString, emitWholeAddress, emitWord } from './emit-text.ts';
import {
  emitCode,
  emitCoding,
  emitConcept,
  emitContact,
  emitIdentifier,
  emitOrderedIdentifier,
  emitToken,
} from './emit-token.ts';
import { hasOrderRows, type IndexedParameter } from './parameters.ts';
import type { Sink } from './sink.ts';
import type { Site } from './site.ts';

/** By name, because `generate-extractors.ts` writes calls of them. */
export const EMITTERS = {
  emitAddress,
  emitAttachment,
  emitCode,
  emitCoding,
  emitConcept,
  emitContact,
  emitDate,
  emitIdentifier,
  emitMainDate,
  emitName,
  emitNameParts,
  emitNumber,
  emitOrderedIdentifier,
  emitPosition,
  emitQuantity,
  emitReference,
  emitSounds,
  emitString,
  emitToken,
  emitUri,
  emitWholeAddress,
  emitWord,
};

export type EmitterName = keyof typeof EMITTERS;

/** A call `emitter(site, value, sink, option)`. */
export interface Emission {
  readonly emitter: EmitterName;
  /** Data type, or whether something holds of the parameter; undefined = none. */
  readonly option?: string | boolean;
}

export type Emitter = (site: Site, value: unknown, sink: Sink, option?: never) => void;

const TOKENS: Record<string, EmitterName> = {
  CodeableConcept: 'emitConcept',
  Coding: 'emitCoding',
  Identifier: 'emitIdentifier',
  ContactPoint: 'emitContact',
  code: 'emitCode',
  boolean: 'emitCode',
  string: 'emitToken',
  id: 'emitToken',
  uri: 'emitToken',
};

/**
 * @param type data type of the value
 * @returns undefined when there are no entries: the type is none of the parameter's kind, or its entries are made elsewhere
 */
export function emissionOf(
  parameter: IndexedParameter,
  type: string,
  isMainCode: boolean,
): Emission | undefined {
  switch (parameter.storage) {
    case 'tokens':
      return tokenEmission(parameter, type, isMainCode);
    case 'references':
      return type === 'Reference' ? referenceEmission(parameter) : uriEmission(type);
    case 'uris':
      return uriEmission(type);
    case 'main-date':
      return { emitter: 'emitMainDate', option: type };
    case 'dates':
      return { emitter: 'emitDate', option: type };
    case 'numbers':
      return { emitter: 'emitNumber', option: type };
    case 'quantities':
      return { emitter: 'emitQuantity', option: type };
    case 'words':
      return { emitter: 'emitWord' };
    case 'names':
      return { emitter: 'emitName' };
    case 'strings':
      return stringEmission(parameter, type);
    case 'sounds':
      return { emitter: 'emitSounds' };
    case 'position':
      return { emitter: 'emitPosition' };
    case 'composite':
    case 'contact':
    case 'union':
    case 'stretch':
    case 'carried':
      return undefined;
  }
}

function tokenEmission(parameter: IndexedParameter, type: string, isMainCode: boolean): Emission | undefined {
  if (hasOrderRows(parameter)) return { emitter: 'emitOrderedIdentifier' };
  const emitter = TOKENS[type];
  return emitter && (isMainCode ? { emitter, option: true } : { emitter });
}

function referenceEmission({ own }: IndexedParameter): Emission {
  return own ? { emitter: 'emitReference', option: true } : { emitter: 'emitReference' };
}

function uriEmission(type: string): Emission {
  return { emitter: type === 'Attachment' ? 'emitAttachment' : 'emitUri' };
}

function stringEmission({ parts }: IndexedParameter, type: string): Emission {
  if (type === 'HumanName') return { emitter: 'emitNameParts' };
  if (type === 'Address') return { emitter: parts.length === 0 ? 'emitWholeAddress' : 'emitAddress' };
  return { emitter: 'emitString' };
}
