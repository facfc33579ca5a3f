/** The parts of the FHIR definition files that the generator reads. */

export interface ElementDefinitionSource {
  path: string;
  min: number;
  max: string;
  type?: { code: string; profile?: string[]; targetProfile?: string[] }[];
  contentReference?: string;
  binding?: { strength: string; valueSet?: string };
  constraint?: { key: string; severity: string; human: string; expression?: string }[];
}

interface ConceptSource {
  code: string;
  display?: string;
  concept?: ConceptSource[];
}

export interface DefinitionSource {
  resourceType: string;
  id: string;
  url: string;
  name: string;
  code?: string;
  type?: string;
  kind?: string;
  abstract?: boolean;
  derivation?: string;
  base?: string[];
  expression?: string;
  target?: string[];
  component?: { definition: string; expression: string }[];
  snapshot?: { element: ElementDefinitionSource[] };
  content?: string;
  concept?: ConceptSource[];
  compose?: {
    include: { system?: string; concept?: ConceptSource[]; filter?: unknown[]; valueSet?: string[] }[];
  };
}

export interface DefinitionBundle {
  entry: { resource: DefinitionSource }[];
}

export type { ConceptSource };
