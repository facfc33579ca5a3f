/** The OperationDefinitions that are served and announced: those of SQL on FHIR v2, with what of them is carried out. */
import type { Rendered } from '../../../kernel/fhir/terminology/index.ts';
import type { Resource } from '../../../kernel/fhir/types.ts';

interface Parameter {
  name: string;
  use?: 'in' | 'out';
  min?: number;
  max: '1' | '*';
  /** Absent when it has parts. */
  type?: string;
  documentation: string;
  part?: Parameter[];
}

interface Operation {
  name: string;
  title: string;
  description: string;
  parameters: Parameter[];
  instance: boolean;
}

const BOUNDS: Parameter[] = [
  {
    name: 'patient',
    max: '*',
    type: 'Reference',
    documentation: 'Only what lies in the records of these persons.',
  },
  {
    name: 'group',
    max: '*',
    type: 'Reference',
    documentation: 'Only what lies in the records of the active members.',
  },
  { name: '_since', max: '1', type: 'instant', documentation: 'Only what was changed then or later.' },
  {
    name: 'header',
    max: '1',
    type: 'boolean',
    documentation: 'CSV begins with the names of the columns; true when absent.',
  },
];
const VIEW: Parameter[] = [
  {
    name: 'viewReference',
    max: '1',
    type: 'Reference',
    documentation: 'A view of the program, a Library that holds one, or its canonical address.',
  },
  { name: 'viewResource', max: '1', type: 'Resource', documentation: 'The ViewDefinition itself.' },
];

const OPERATIONS: Operation[] = [
  {
    name: 'viewdefinition-run',
    title: 'ViewDefinition Run',
    description: 'Rows of a view over the record, answered as they are read.',
    instance: true,
    parameters: [
      { name: '_format', max: '1', type: 'code', documentation: 'ndjson (standard), csv or json.' },
      ...VIEW,
      ...BOUNDS,
      { name: '_limit', max: '1', type: 'integer', documentation: 'Rows at most.' },
      {
        name: 'resource',
        max: '*',
        type: 'Resource',
        documentation: 'Resources to be read instead of the record.',
      },
      {
        name: 'return',
        use: 'out',
        min: 1,
        max: '1',
        type: 'Binary',
        documentation: 'The rows, as the format says.',
      },
    ],
  },
  {
    name: 'viewdefinition-export',
    title: 'ViewDefinition Export',
    description: 'Files of several views over the record, asynchronous.',
    instance: false,
    parameters: [
      {
        name: 'view',
        min: 1,
        max: '*',
        documentation: 'Each a view.',
        part: [{ name: 'name', max: '1', type: 'string', documentation: 'Name of its file.' }, ...VIEW],
      },
      { name: '_format', max: '1', type: 'code', documentation: 'ndjson (standard), csv or parquet.' },
      ...BOUNDS,
      { name: 'clientTrackingId', max: '1', type: 'string', documentation: 'Given back with the answer.' },
      { name: 'exportId', use: 'out', min: 1, max: '1', type: 'string', documentation: 'Of the export.' },
      { name: 'status', use: 'out', min: 1, max: '1', type: 'code', documentation: 'completed.' },
      {
        name: 'output',
        use: 'out',
        max: '*',
        documentation: 'Each a view.',
        part: [
          { name: 'name', use: 'out', min: 1, max: '1', type: 'string', documentation: 'As asked for.' },
          {
            name: 'location',
            use: 'out',
            min: 1,
            max: '*',
            type: 'uri',
            documentation: 'Address of a file.',
          },
        ],
      },
    ],
  },
];

const canonicalOf = ({ name }: Operation) => `http://sql-on-fhir.org/OperationDefinition/$${name}`;

/** What `/metadata` announces on the whole system. */
export const VIEW_OPERATIONS = OPERATIONS.map((one) => ({ name: one.name, definition: canonicalOf(one) }));

/** The resources that are read at `/fhir/OperationDefinition/<name>`. */
export function viewOperationDefinitions(): Rendered[] {
  return OPERATIONS.map((one) => ({
    type: 'OperationDefinition',
    id: one.name,
    url: canonicalOf(one),
    name: one.title.replaceAll(' ', ''),
    title: one.title,
    version: '2.1.0-pre',
    make: () => definitionOf(one),
  }));
}

function definitionOf(one: Operation): Resource {
  return {
    resourceType: 'OperationDefinition',
    id: one.name,
    url: canonicalOf(one),
    version: '2.1.0-pre',
    name: one.title.replaceAll(' ', ''),
    title: one.title,
    status: 'active',
    kind: 'operation',
    description: one.description,
    affectsState: false,
    code: one.name,
    ...(one.instance ? { resource: ['Library'] } : {}),
    system: true,
    type: false,
    instance: one.instance,
    parameter: one.parameters.map(parameterOf),
  } as Resource;
}

function parameterOf({ use = 'in', min = 0, part, ...one }: Parameter): object {
  return { ...one, use, min, ...(part && { part: part.map(parameterOf) }) };
}
