/** `/metadata?mode=terminology`: which codes are known here and what can be asked of them. Pure. R4 terminologycapabilities.html. */
import type { OperationParameter } from '../operations/definition.ts';
import type { AnnouncedSystem } from '../terminology/index.ts';
import type { TerminologyCapabilities } from '../types.ts';

export interface TerminologyParts {
  software: { version: string; started: string };
  systems: readonly AnnouncedSystem[];
  /** Inputs of `ValueSet/$expand`. */
  expansion: readonly OperationParameter[];
}

const TREE = ['is-a', 'descendent-of', 'is-not-a', 'generalizes'];
const VALUES = ['=', 'in', 'not-in', 'exists', 'regex'];
/** Properties that every concept has (R4 codesystem.html#defined-props). */
const OF_ALL = ['code', 'display', 'parent', 'child', 'inactive', 'notSelectable'];

/** @param base address of the interface, `http://host/fhir` */
export function terminologyCapabilities(base: string, parts: TerminologyParts): TerminologyCapabilities {
  return {
    resourceType: 'TerminologyCapabilities',
    url: `${base}/metadata?mode=terminology`,
    version: parts.software.version,
    name: 'YBaTerminology',
    title: 'Y Bạ',
    status: 'active',
    date: parts.software.started,
    publisher: 'Y Bạ',
    description:
      'Lists of the content and code systems of R4. CodeSystems, ValueSets and ConceptMaps that are stored here are used the same way; who may read them finds them by search.',
    kind: 'instance',
    software: { name: 'Y Bạ', version: parts.software.version },
    implementation: { description: 'Y Bạ, FHIR R4', url: base },
    lockedDate: false,
    codeSystem: parts.systems.map(systemOf),
    expansion: {
      hierarchical: true,
      paging: true,
      incomplete: false,
      parameter: parts.expansion.map(({ name, documentation }) => ({
        name,
        documentation: documentation.en,
      })),
      textFilter: 'Words of names and codes, with or without accents, best first.',
    },
    codeSearch: 'all',
    validateCode: { translations: true },
    translation: { needsMap: false },
    closure: { translation: false },
  };
}

function systemOf({ url, version, languages, hierarchical, properties }: AnnouncedSystem) {
  const own = properties.filter((one) => !OF_ALL.includes(one));
  return {
    uri: url,
    version: [
      {
        ...(version === undefined ? {} : { code: version }),
        isDefault: true,
        compositional: false,
        ...(languages.length > 0 ? { language: [...languages] } : {}),
        filter: [
          { code: 'concept', op: [...TREE] },
          ...[...OF_ALL, ...own].map((code) => ({ code, op: [...VALUES] })),
        ],
        property: [...OF_ALL, ...own],
      },
    ],
    subsumption: hierarchical,
  };
}
