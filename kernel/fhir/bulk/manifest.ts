/** The answer of an export or import that is done: Bulk Data Access 2.0, "complete status". Pure. */
import type { JobRow } from '../jobs/job-table.ts';
import type { ExportedFile } from './export-files.ts';

/** What is kept of it. */
export interface ExportResult {
  /** ISO instant up to which every change is in it. */
  transactionTime: string;
  files: ExportedFile[];
  /** Of an operation that answers with Parameters: those beside its files, and the names of its outputs. */
  parameters?: object[];
  outputs?: string[];
}

/** @param address of the job; its files are below */
export function exportManifest({ id, answer, request }: JobRow, address: string): object {
  const result = JSON.parse(answer!.toString('utf8')) as ExportResult;
  if (result.parameters) return exportParameters(id, result, address);
  const { transactionTime, files } = result;
  const listed = (role: ExportedFile['role']) =>
    files
      .filter((file) => file.role === role)
      .map(({ type, name, count, inputUrl }) => ({
        type,
        ...(inputUrl !== undefined && { inputUrl }),
        url: `${address}/files/${name}`,
        count,
      }));
  return {
    transactionTime,
    request: request.replace(/^\S+ /, ''),
    requiresAccessToken: true,
    output: listed('output'),
    deleted: listed('deleted'),
    error: listed('error'),
  };
}

/** The answer as Parameters: SQL on FHIR v2, `$viewdefinition-export`. */
function exportParameters(
  id: string,
  { files, parameters = [], outputs = [] }: ExportResult,
  address: string,
) {
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'exportId', valueString: id },
      { name: 'status', valueCode: 'completed' },
      { name: 'location', valueUri: address },
      ...parameters,
      ...outputs.map((output) => ({
        name: 'output',
        part: [
          { name: 'name', valueString: output },
          ...files
            .filter(({ type }) => type === output)
            .map(({ name }) => ({ name: 'location', valueUri: `${address}/files/${name}` })),
        ],
      })),
    ],
  };
}
