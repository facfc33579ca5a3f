/** The answer of an export or import that is done: Bulk Data Access 2.0, "complete status". Pure. */
import type { JobRow } from '../jobs/job-table.ts';
import type { ExportedFile } from './export-files.ts';

/** What is kept of it. */
export interface ExportResult {
  /** ISO instant up to which every change is in it. */
  transactionTime: string;
  files: ExportedFile[];
}

/** @param address of the job; its files are below */
export function exportManifest({ answer, request }: JobRow, address: string): object {
  const { transactionTime, files } = JSON.parse(answer!.toString('utf8')) as ExportResult;
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
